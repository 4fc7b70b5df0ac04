import { structuredPatch } from 'diff'
import type { z } from 'zod'
import { textOf } from '../rules.ts'
import type { diffOutput } from '../schema.ts'
import { contentOf } from './store.ts'
import type { Difference } from './types.ts'

type Output = z.infer<typeof diffOutput>

/** Comparing may take so long: of one file, and of all that are asked for at once; what is shown of them has so many characters. */
const bounds = { fileMs: 250, allMs: 1_500, files: 300, characters: 600_000, fileCharacters: 200_000 } as const

const linesOf = (text: string): number => (text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0))

/** A side of a comparison; null where it is no text, or was not kept. */
async function sideOf(folder: string, hash: string | null): Promise<string | null> {
  if (hash === null) return ''
  const bytes = await contentOf(folder, hash)
  return bytes && textOf(bytes)
}

/** Two texts compared: unified, and how many lines came and went. Null where that would take too long. */
export function compare(
  before: string,
  after: string,
  timeoutMs: number = bounds.fileMs,
): { diff: string; added: number; removed: number } | null {
  if (timeoutMs <= 0) return null
  const patch = structuredPatch('a', 'b', before, after, '', '', { context: 3, timeout: timeoutMs })
  if (!patch) return null
  const lines = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: own }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...own,
  ])
  const count = (sign: string) => patch.hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.startsWith(sign)).length, 0)
  return { diff: lines.join('\n'), added: count('+'), removed: count('-') }
}

async function fileOf(folder: string, { path, from, to }: Difference, leftMs: number): Promise<Output['files'][number]> {
  const kind = from === null ? 'added' : to === null ? 'deleted' : 'changed'
  const [before, after] = await Promise.all([sideOf(folder, from), sideOf(folder, to)])
  if (before === null || after === null) return { path, kind, added: 0, removed: 0, diff: null }
  const compared = compare(before, after, Math.min(bounds.fileMs, leftMs))
  if (!compared) return { path, kind, added: linesOf(after), removed: linesOf(before), diff: null }
  const { diff, added, removed } = compared
  return { path, kind, added, removed, diff: diff.length > bounds.fileCharacters ? null : diff }
}

/** What is shown of some differences, within bounds of time and size. */
export async function shown(folder: string, differences: readonly Difference[]): Promise<Output> {
  const files: Output['files'] = []
  let [characters, spentMs, cut] = [0, 0, differences.length > bounds.files]
  for (const difference of differences.slice(0, bounds.files)) {
    const startedAt = performance.now()
    const file = await fileOf(folder, difference, bounds.allMs - spentMs)
    spentMs += performance.now() - startedAt
    characters += file.diff?.length ?? 0
    cut ||= characters > bounds.characters
    files.push(characters > bounds.characters ? { ...file, diff: null } : file)
  }
  return { files, cut }
}
