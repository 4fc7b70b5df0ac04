import type { FileEntry } from '@/server/files/schema.ts'

/** One line of the tree. */
export interface TreeRow {
  entry: FileEntry
  name: string
  /** 1 for what lies in the folder itself. */
  level: number
  /** Null for what is no folder. */
  open: boolean | null
  /** Its place among those of its folder, from 1, and how many those are. */
  place: number
  siblings: number
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
export const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))

const byKindAndName = (a: FileEntry, b: FileEntry) =>
  Number(b.kind === 'folder') - Number(a.kind === 'folder') || nameOf(a.path).localeCompare(nameOf(b.path), undefined, { numeric: true })

/** The lines that are to be seen: folders first, and what lies in a folder only where that is open. */
export function treeRows(entries: readonly FileEntry[], open: ReadonlySet<string>): TreeRow[] {
  const children = new Map<string, FileEntry[]>()
  for (const entry of entries) {
    const folder = folderOf(entry.path)
    const there = children.get(folder)
    if (there) there.push(entry)
    else children.set(folder, [entry])
  }
  const rows: TreeRow[] = []
  const add = (folder: string, level: number) => {
    const inside = [...(children.get(folder) ?? [])].sort(byKindAndName)
    inside.forEach((entry, at) => {
      const isOpen = entry.kind === 'folder' ? open.has(entry.path) : null
      rows.push({ entry, name: nameOf(entry.path), level, open: isOpen, place: at + 1, siblings: inside.length })
      if (isOpen) add(entry.path, level + 1)
    })
  }
  add('', 1)
  return rows
}

/** The line that stands in its place once one is gone; below a folder all goes with it. */
export function lineAfter(rows: readonly TreeRow[], path: string): string | null {
  const at = rows.findIndex(({ entry }) => entry.path === path)
  const left = (row: TreeRow) => row.entry.path !== path && !row.entry.path.startsWith(`${path}/`)
  return (rows.slice(at + 1).find(left) ?? rows.slice(0, at).findLast(left))?.entry.path ?? null
}

/** What a key does in the tree: go to another line, open or close a folder, or open a file. */
type TreeStep = { to: string } | { toggle: string } | { choose: string } | null

/** Arrow keys as trees have them: right opens or goes in, left closes or goes out. */
export function stepOf(key: string, rows: readonly TreeRow[], active: string | null): TreeStep {
  const at = rows.findIndex(({ entry }) => entry.path === active)
  const row = rows[at]
  const to = (index: number): TreeStep => {
    const found = rows[Math.min(rows.length - 1, Math.max(0, index))]
    return found ? { to: found.entry.path } : null
  }
  if (key === 'ArrowDown') return to(at + 1)
  if (key === 'ArrowUp') return to(at - 1)
  if (key === 'Home') return to(0)
  if (key === 'End') return to(rows.length - 1)
  if (!row) return null
  const { path } = row.entry
  if (key === 'Enter' || key === ' ') return row.open === null ? { choose: path } : { toggle: path }
  if (key === 'ArrowRight') return row.open === false ? { toggle: path } : row.open ? to(at + 1) : null
  if (key !== 'ArrowLeft') return null
  return row.open ? { toggle: path } : folderOf(path) ? { to: folderOf(path) } : null
}
