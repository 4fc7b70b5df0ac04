/** A file that a person brings, and where it lies below what was dropped. */
export interface Brought {
  file: File
  path: string
}

/** So many files are uploaded at once at most. */
export const mostAtOnce = 500
const skipped = new Set(['node_modules', '.git'])

const fileOf = (entry: FileSystemFileEntry) => new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)))

/** All that lies in a folder; a reader gives it in parts. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])))
    if (part.length === 0) return all
    all.push(...part)
  }
}

async function collect(entry: FileSystemEntry, folder: string, found: Brought[]): Promise<void> {
  if (found.length > mostAtOnce || skipped.has(entry.name)) return
  const path = folder + entry.name
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry)
    if (file) found.push({ file, path })
    return
  }
  for (const below of await entriesOf(entry as FileSystemDirectoryEntry)) await collect(below, `${path}/`, found)
}

/** What was dropped, the content of folders included, but for dependencies and Git’s own folder; one file too many where there are more. Call it while the event is being told. */
export async function dropped(transfer: DataTransfer): Promise<Brought[]> {
  // Both lists are empty as soon as the event is over.
  const plain = [...transfer.files].map((file) => ({ file, path: file.name }))
  const entries = [...transfer.items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry?.() ?? []) : []))
  if (entries.length === 0) return plain
  const found: Brought[] = []
  for (const entry of entries) await collect(entry, '', found)
  return found
}
