import type { Chunk, SegmentRef, StreamHead } from '@/server/streams/schema.ts'
import { isHopeless, waitAfter } from './patience.ts'
import { makeStreamLines } from './stream-lines.ts'
import type { StreamState, StreamView } from './stream-view.ts'

export interface StreamListener {
  /** Subscribed, for the first time or again; everything stored from this head on will be told. */
  opened(head: StreamHead): void
  more(message: { head: StreamHead; chunk?: Chunk }): void
  offline(): void
  failed(error: { code: string; message: string }): void
}

/** What a store needs of the server; the hook gives sockets and tRPC, tests give what they like. */
export interface StreamSource {
  open(listener: StreamListener): () => void
  read(input: { from: number; limit: number; tag?: string }): Promise<{ head: StreamHead; chunks: Chunk[] }>
  index(input: { after: number; tag?: string }): Promise<{ head: StreamHead; segments: SegmentRef[]; next: number | null }>
}

export interface StreamStore {
  subscribe(changed: () => void): () => void
  getSnapshot(): StreamView
}

const readLimit = 2_000
/** Lines around the visible ones that are loaded with them. */
const margin = 500

export const emptyView: StreamView = {
  total: 0,
  closed: false,
  state: 'connecting',
  error: null,
  lineAt: () => undefined,
  ensure: () => undefined,
  seqAt: () => undefined,
  positionOf: () => 0,
}

/**
 * Keeps one view of a stream up to date while somebody subscribes. One request is under way at a time: the index first, then whatever
 * of the wanted range is missing, nearest to its start. `toError` reads an answer's code, to tell a refusal from a bad moment.
 */
export function makeStreamStore(
  source: StreamSource,
  options: { tag?: string | undefined; from?: number | undefined; toError: (error: unknown) => { code: string; message: string } },
): StreamStore {
  const { tag, toError } = options
  const ofTag = tag === undefined ? {} : { tag }
  const lines = makeStreamLines(tag)
  const listeners = new Set<() => void>()
  let state: StreamState = 'connecting'
  let error: StreamView['error'] = null
  let wanted = { start: 0, end: 0 }
  let linked = options.from
  let busy = false
  let settled = false
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let close: (() => void) | null = null
  const active = () => close !== null
  let view = picture()

  function picture(): StreamView {
    settled ||= state === 'live' && lines.indexedTo >= lines.lastSeq
    return {
      total: lines.total,
      closed: lines.closed,
      state: state === 'live' && !settled ? 'connecting' : state,
      error,
      lineAt: lines.lineAt,
      seqAt: lines.seqAt,
      positionOf: lines.positionOf,
      ensure(start, end) {
        wanted = { start, end }
        void work()
      },
    }
  }

  function changed(): void {
    view = picture()
    for (const listener of [...listeners]) listener()
  }

  /** The next thing that is missing, as a request; undefined when nothing is. */
  function nextRequest(): (() => Promise<void>) | undefined {
    if (lines.indexedTo < lines.lastSeq) return readIndex
    if (linked !== undefined) {
      const position = lines.positionOf(linked)
      const missing = lines.firstMissing(position, position + 1, position + margin)
      if (missing) return () => readFrom(missing)
      if (position < lines.total) linked = undefined
    }
    const { start, end } = wanted
    if (end <= start) return undefined
    const missing = lines.firstMissing(start, end, end + margin) ?? lines.firstMissing(start - margin, end + margin)
    return missing && (() => readFrom(missing))
  }

  async function readIndex(): Promise<void> {
    // With nothing but the index's own `next` between two pages, the head of the first stays good for all.
    let after = lines.indexedTo
    for (;;) {
      const page = await source.index({ after, ...ofTag })
      lines.addHead(page.head)
      lines.addIndex(page.segments, page.next === null ? page.head.nextSeq - 1 : 0)
      changed()
      if (page.next === null || !active()) return
      after = page.next
    }
  }

  async function readFrom({ seq, count }: { seq: number; count: number }): Promise<void> {
    const page = await source.read({ from: seq, limit: Math.min(readLimit, Math.max(1, count)), ...ofTag })
    lines.addHead(page.head)
    for (const chunk of page.chunks) lines.addChunk(chunk)
    // The line stands in the index, so an answer without it is a server that lags behind: ask again later, not at once.
    if (!page.chunks.some((chunk) => chunk.firstSeq <= seq && seq < chunk.firstSeq + chunk.count))
      throw new Error('the line is not there yet')
    changed()
  }

  function onFailure(cause: unknown): void {
    const told = toError(cause)
    if (isHopeless(told.code)) {
      state = 'failed'
      error = told
      changed()
      return
    }
    retry = setTimeout(() => void work(), waitAfter(failures++))
  }

  async function work(): Promise<void> {
    if (busy || !active() || state === 'failed' || state === 'connecting') return
    busy = true
    clearTimeout(retry)
    try {
      for (let request = nextRequest(); request && active(); request = nextRequest()) {
        await request()
        failures = 0
      }
    } catch (cause) {
      if (active()) onFailure(cause)
    } finally {
      busy = false
    }
  }

  const listener: StreamListener = {
    opened(head) {
      state = 'live'
      error = null
      failures = 0
      lines.addHead(head)
      changed()
      void work()
    },
    more({ head, chunk }) {
      if (chunk) lines.addChunk(chunk)
      lines.addHead(head)
      changed()
      void work()
    },
    offline() {
      if (state === 'failed') return
      state = state === 'connecting' ? 'connecting' : 'offline'
      changed()
    },
    failed(told) {
      state = 'failed'
      error = told
      changed()
    },
  }

  return {
    subscribe(onChange) {
      listeners.add(onChange)
      close ??= source.open(listener)
      return () => {
        listeners.delete(onChange)
        if (listeners.size > 0) return
        close?.()
        close = null
        clearTimeout(retry)
      }
    },
    getSnapshot: () => view,
  }
}
