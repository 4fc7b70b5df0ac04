import type { Tx } from '@/server/core/db.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { streamTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { open, seal } from '@/server/vault/service.ts'
import { brotli } from './codecs/brotli.ts'
import { plain } from './codecs/plain.ts'
import type { Codec } from './codecs/types.ts'
import { zstd } from './codecs/zstd.ts'
import * as data from './data.ts'
import { makePacker } from './pipeline/packer.ts'
import { makeStorer } from './pipeline/storer.ts'
import { makeWriterCore, type WriterCore } from './pipeline/writer.ts'
import { joinPieces, maxSegmentBytes, sealContext } from './rules.ts'
import type { Chunk, SegmentRef, StreamHead } from './schema.ts'

export { sealContext as segmentContext } from './rules.ts'

const codecs = new Map<string, Codec>([plain, brotli, zstd].filter((codec) => codec !== null).map((codec) => [codec.name, codec]))
const dense = zstd ?? brotli

/** Pages are read in bites, so that a page of very long lines stays bounded too. */
const biteSegments = 24
const pageBytes = 4 * 1024 * 1024
const indexScan = 50_000

/** One hand on a stream's writer. Close it when its work is done; others that write the same stream are not disturbed. */
export interface Writer {
  /**
   * Takes bytes as a process prints them; lines are cut inside, and one that has not ended is kept until it has. Never throws and never
   * waits: ask `ready` before the next write. The bytes must not be changed afterwards.
   */
  write(tag: string, bytes: Buffer | string): void
  /** Resolves at once while little is held, else when it is less again. Rejects where lines can no longer be stored. */
  ready(): Promise<void>
  /** Ends unfinished lines of one tag, or of every tag this hand wrote, and resolves when all that was written is stored. */
  flush(tag?: string): Promise<void>
  /** Flushes and lets go. The stream stays open: `closeStream` closes it. */
  close(): Promise<void>
}

interface Shared {
  core: WriterCore
  hands: number
}

// One writer per process and stream, however many hands hold it: order and line numbers are decided in one place.
const writers = new Map<string, Shared>()

function announce(streamId: string, nextSeq: number, closed: boolean): void {
  registry('hub').publish(streamTopic(streamId), { nextSeq, closed })
}

function startWriter(projectId: ProjectId, streamId: string): Shared {
  const clock = registry('clock')
  const storage = {
    head: () => data.findHead(projectId, streamId),
    append: (segments: readonly data.StoredSegment[]) => data.appendSegments(projectId, streamId, segments),
    isStored: (segment: data.StoredSegment) => data.isStored(projectId, streamId, segment),
    seal: (context: string, bytes: Buffer) => seal(projectId, context, bytes),
  }
  const shared: Shared = {
    hands: 0,
    core: makeWriterCore({
      packer: makePacker({ plain, dense }),
      storer: makeStorer(streamId, storage, clock),
      clock,
      stored: (nextSeq) => announce(streamId, nextSeq, false),
      failed: (err) => {
        logger.error({ err, streamId }, 'lines could not be stored')
        const key = `${projectId}/${streamId}`
        if (writers.get(key) === shared) writers.delete(key)
      },
    }),
  }
  return shared
}

/** Makes an empty stream, in the caller's transaction where there is one. `kind` says what writes to it: `build`, `service`, `chat`. */
export function createStream(projectId: ProjectId, kind: string, tx?: Tx): Promise<string> {
  return data.insertStream(projectId, kind, tx)
}

/** Opens a hand on the stream's writer. Whether the stream is the project's shows itself at the first line stored. */
export function openWriter(projectId: ProjectId, streamId: string): Writer {
  const key = `${projectId}/${streamId}`
  const shared = writers.get(key) ?? startWriter(projectId, streamId)
  writers.set(key, shared)
  shared.hands++
  const { core } = shared
  const tags = new Set<string>()
  let closing: Promise<void> | null = null
  const letGo = () => {
    shared.hands--
    if (shared.hands === 0 && writers.get(key) === shared) writers.delete(key)
  }
  return {
    write(tag, bytes) {
      tags.add(tag)
      core.write(tag, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    },
    ready: () => core.ready(),
    flush: (tag) => core.flush(tag === undefined ? tags : [tag]),
    close() {
      closing ??= core.flush(tags).finally(letGo)
      return closing
    },
  }
}

/** Stores what every writer of this process holds, unfinished lines too: for the end of the process. */
export async function flushWriters(): Promise<void> {
  await Promise.allSettled([...writers.values()].map(({ core }) => core.flush()))
}

/** Closes a stream: what is held for it is stored, then it grows no more. Safe to repeat. */
export async function closeStream(projectId: ProjectId, streamId: string): Promise<void> {
  await writers.get(`${projectId}/${streamId}`)?.core.flush()
  const closed = await data.markClosed(projectId, streamId, new Date(registry('clock').now()))
  const head = closed ? await data.findHead(projectId, streamId) : null
  if (head) announce(streamId, head.nextSeq, true)
}

/** Removes streams and all their lines, for retention and for deleted builds. Returns how many there were. */
export function deleteStreamsOf(projectId: ProjectId, streamIds: readonly string[]): Promise<number> {
  return data.removeStreams(projectId, streamIds)
}

/**
 * Where a stream stands.
 * @throws AppError NOT_FOUND where this project has no such stream
 */
export async function streamHead(projectId: ProjectId, streamId: string): Promise<StreamHead> {
  const head = await data.findHead(projectId, streamId)
  if (!head) throw new AppError('NOT_FOUND', 'There is no such stream.', 'streamId')
  return head
}

/** A segment's text, or null where it cannot be opened: one bad row must not take a page down. The database's errors are thrown. */
async function openSegment(projectId: ProjectId, streamId: string, segment: data.StoredSegment): Promise<Buffer | null> {
  try {
    const packed = await open(projectId, sealContext(streamId, segment), segment.sealed)
    const codec = codecs.get(segment.codec)
    if (!codec) throw new AppError('UNAVAILABLE', `This server cannot expand ${segment.codec}.`)
    return await codec.expand(packed, maxSegmentBytes)
  } catch (err) {
    if (!isAppError(err) && !('code' in Object(err) && /^(Z_|ERR_|ZSTD)/.test(String((err as { code: unknown }).code)))) throw err
    // What somebody destroyed on purpose is no news with every look at it.
    if (!isAppError(err) || err.key !== 'keyDestroyed')
      logger.warn({ err, streamId, firstSeq: segment.firstSeq }, 'a segment could not be opened')
    return null
  }
}

type Range = { streamId: string; from: number; tag?: string | undefined }

/** Segments from a line on, opened, in bites; ends where the stream ended when it was asked. */
async function* openedSegments(projectId: ProjectId, { streamId, from, tag }: Range) {
  for (let next = from; ; ) {
    const bite = await data.findSegments(projectId, streamId, { from: next, take: biteSegments, tag })
    for (const segment of bite) yield { segment, text: await openSegment(projectId, streamId, segment) }
    const last = bite.at(-1)
    if (!last || bite.length < biteSegments) return
    next = last.firstSeq + last.count
  }
}

/**
 * Lines from number `from` on: whole segments, the first of which holds line `from`, until `limit` lines (or 4 MB) are reached.
 * @throws AppError NOT_FOUND where this project has no such stream
 */
export async function readStream(
  projectId: ProjectId,
  { limit, ...range }: Range & { limit: number },
): Promise<{ head: StreamHead; chunks: Chunk[] }> {
  const head = await streamHead(projectId, range.streamId)
  const chunks: Chunk[] = []
  let lines = 0
  let bytes = 0
  for await (const { segment, text } of openedSegments(projectId, range)) {
    const { firstSeq, count, tag, at } = segment
    // What was appended after the head was read belongs to the next page.
    if (firstSeq >= head.nextSeq) break
    chunks.push({ firstSeq, count, tag, at, text: text?.toString('utf8') ?? null })
    lines += firstSeq < range.from ? firstSeq + count - range.from : count
    bytes += text?.length ?? 0
    if (lines >= limit || bytes >= pageBytes) break
  }
  return { head, chunks }
}

/**
 * Where lines lie, without their content: one entry for each run of neighbouring segments of one tag. `next` is the `after` of the next
 * page, null where the index reaches the head.
 * @throws AppError NOT_FOUND where this project has no such stream
 */
export async function indexStream(
  projectId: ProjectId,
  { streamId, tag, after }: { streamId: string; tag?: string | undefined; after: number },
): Promise<{ head: StreamHead; segments: SegmentRef[]; next: number | null }> {
  const head = await streamHead(projectId, streamId)
  const { segments, lastScanned } = await data.findRuns(projectId, streamId, { after, before: head.nextSeq, scan: indexScan, tag })
  return { head, segments, next: lastScanned }
}

/**
 * The stream as it was printed, for downloads: every line with its break, long lines whole again. A segment that cannot be opened is a
 * line that says so.
 * @throws AppError NOT_FOUND where this project has no such stream
 */
export async function* rawStream(projectId: ProjectId, streamId: string, tag?: string): AsyncIterable<Buffer> {
  await streamHead(projectId, streamId)
  for await (const { segment, text } of openedSegments(projectId, { streamId, from: 1, tag })) {
    yield text === null
      ? Buffer.from(`[${segment.count} lines could not be opened]\n`)
      : joinPieces(Buffer.concat([text, Buffer.from('\n')]))
  }
}
