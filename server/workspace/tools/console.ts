import { stripVTControlCharacters } from 'node:util'
import type { ProjectId } from '@/server/core/gates.ts'
import type { Chunk } from '@/server/streams/schema.ts'
import { indexStream, readStream, streamHead } from '@/server/streams/service.ts'

/** Which lines of a build's console are wanted. */
export interface LogQuery {
  streamId: string
  tag: string | undefined
  /** Null for the end. */
  from: number | null
  lines: number
  search: string | null
}

const longestLine = 1_000
const searchedMost = 300_000
const bite = 20_000

interface Line {
  number: number
  tag: string
  text: string
}

function* linesOf(chunks: readonly Chunk[], from: number): Generator<Line> {
  for (const { firstSeq, tag, text } of chunks) {
    const lines = text === null ? ['[These lines cannot be opened.]'] : text.split('\n')
    for (const [at, line] of lines.entries()) {
      const number = firstSeq + at
      if (number >= from) yield { number, tag, text: stripVTControlCharacters(line) }
    }
  }
}

/** The number of the line from which on there are so many of one tag; of any where none is named. */
async function tailBegin(projectId: ProjectId, { streamId, tag, lines }: LogQuery): Promise<number> {
  if (tag === undefined) return Math.max(1, (await streamHead(projectId, streamId)).nextSeq - lines)
  let kept: { firstSeq: number; count: number }[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<typeof indexStream>> = await indexStream(projectId, { streamId, tag, after })
    kept = [...kept, ...page.segments]
    after = page.next
  }
  let missing = lines
  for (const { firstSeq, count } of kept.reverse()) {
    if (count >= missing) return firstSeq + count - missing
    missing -= count
  }
  return 1
}

/** Reads on from a line until `take` has had enough or there is nothing more; says whether there may be more. */
async function readOn(
  projectId: ProjectId,
  { streamId, tag }: LogQuery,
  begin: number,
  take: (line: Line) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  for (let from = begin; ; ) {
    signal.throwIfAborted()
    const { head, chunks } = await readStream(projectId, { streamId, from, limit: bite, tag })
    for (const line of linesOf(chunks, from)) if (!take(line)) return true
    const last = chunks.at(-1)
    if (!last) return false
    from = last.firstSeq + last.count
    if (from >= head.nextSeq) return false
  }
}

/** Lines as the model reads them: numbered, each stage named where it begins to speak. */
function shown(lines: readonly Line[]): string[] {
  return lines.flatMap(({ number, tag, text }, at) => {
    const cut = text.length > longestLine ? `${text.slice(0, longestLine)} [line cut]` : text
    const voice = tag && tag !== lines[at - 1]?.tag ? [`[stage "${tag}"]`] : []
    return [...voice, `${String(number).padStart(6)}\t${cut}`]
  })
}

/** A part of a build's console in words for a model. @throws AppError NOT_FOUND where there is no such stream */
export async function consoleLines(projectId: ProjectId, query: LogQuery, signal: AbortSignal): Promise<string[]> {
  const wanted = query.search?.toLowerCase()
  const found: Line[] = []
  let looked = 0
  const begin = query.from ?? (wanted === undefined ? await tailBegin(projectId, query) : 1)
  const more = await readOn(
    projectId,
    query,
    begin,
    (line) => {
      if (found.length >= query.lines || ++looked > searchedMost) return false
      if (wanted === undefined || line.text.toLowerCase().includes(wanted)) found.push(line)
      return true
    },
    signal,
  )
  if (found.length === 0) return [wanted === undefined ? '[There are no such lines.]' : `[No line of ${looked} has that text.]`]
  const next = (found.at(-1)?.number ?? begin) + 1
  return [...shown(found), ...(more ? [`[There may be more: ask with from = ${next}.]`] : [])]
}
