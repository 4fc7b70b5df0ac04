import type { ProjectId } from '@/server/core/gates.ts'
import { streamTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { readStream, streamHead } from '@/server/streams/service.ts'
import type { Watcher } from './types.ts'

/** A larger chunk is not pushed: who wants it reads it. */
const chunkCharacters = 64 * 1024
/** A stream that ran ahead by more lines than this is told by its head alone. */
const linesAtOnce = 1_000
/** A fast stream is told this often, not once a segment. */
const pauseMs = 15
const retryMs = 250

interface Feed {
  watchers: Set<Watcher>
  prime(nextSeq: number): void
  end(): void
}

// One feed per process and stream: what is new is read and opened once, however many watch.
const feeds = new Map<string, Feed>()

function startFeed(projectId: ProjectId, streamId: string): Feed {
  const watchers = new Set<Watcher>()
  const { clock, hub } = { clock: registry('clock'), hub: registry('hub') }
  let cursor: number | null = null
  let running = false
  let again = false
  let ended = false

  const tell: Watcher['tell'] = (message) => {
    for (const watcher of [...watchers]) watcher.tell(message)
  }

  async function tellNews(): Promise<void> {
    const head = await streamHead(projectId, streamId)
    const from = cursor ?? head.nextSeq
    const lines = head.nextSeq - from
    if (lines <= 0 || lines > linesAtOnce) {
      cursor = head.nextSeq
      return tell({ head })
    }
    const page = await readStream(projectId, { streamId, from, limit: linesAtOnce })
    cursor = from
    for (const chunk of page.chunks) {
      cursor = chunk.firstSeq + chunk.count
      tell(chunk.text === null || chunk.text.length > chunkCharacters ? { head: page.head } : { head: page.head, chunk })
    }
    // A page that was cut short leaves the rest to the watchers' own reading.
    if (cursor < page.head.nextSeq) tell({ head: page.head })
    cursor = page.head.nextSeq
    if (page.chunks.length === 0 || page.head.closed) tell({ head: page.head })
  }

  async function run(): Promise<void> {
    again = true
    if (running) return
    running = true
    while (again && !ended) {
      again = false
      try {
        await tellNews()
        await clock.sleep(pauseMs)
      } catch (err) {
        logger.warn({ err, streamId }, 'a stream could not be told')
        await clock.sleep(retryMs)
        // A stream that was removed has nothing more to tell; anything else is tried again.
        again ||= (err as { code?: unknown }).code !== 'NOT_FOUND'
      }
    }
    running = false
  }

  const unsubscribe = hub.subscribe(streamTopic(streamId), () => void run())
  return {
    watchers,
    prime(nextSeq) {
      cursor ??= nextSeq
    },
    end() {
      ended = true
      unsubscribe()
    },
  }
}

/** Joins the feed of a stream. `prime` tells it where the watcher's own reading starts; `leave` ends it for this watcher. */
export function joinFeed(projectId: ProjectId, streamId: string, watcher: Watcher): { prime(nextSeq: number): void; leave(): void } {
  const key = `${projectId}/${streamId}`
  const feed = feeds.get(key) ?? startFeed(projectId, streamId)
  feeds.set(key, feed)
  feed.watchers.add(watcher)
  return {
    prime: (nextSeq) => feed.prime(nextSeq),
    leave() {
      feed.watchers.delete(watcher)
      if (feed.watchers.size > 0) return
      feed.end()
      if (feeds.get(key) === feed) feeds.delete(key)
    },
  }
}
