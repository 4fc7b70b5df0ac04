import type { ProjectId } from '@/server/core/gates.ts'
import { chatTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { openWriter } from '@/server/streams/service.ts'
import type { ChatFrame, RunEvent } from '../schema.ts'
import { joined, makeFold } from './fold.ts'
import { readEvents } from './stored.ts'
import type { Recorder } from './types.ts'

/** What was said is stored so much later: many small events become few segments, and a turn that breaks off is asked for again anyway. */
const storeMs = 250
/** So many of the latest events are kept for whoever comes back; older ones are read from the stream. */
const keptEvents = 10_000

interface Run {
  id: string
  sessionId: string
  messageId: string
  streamId: string
}

/** Tells watchers at the end of this moment, so that what comes together is one frame. */
function makeTeller(run: Run, first: number) {
  const { id: runId, sessionId, messageId } = run
  let next = first
  let waiting: RunEvent[] = []
  let kept: RunEvent[] = []
  let told: ((events: RunEvent[]) => void) | null = null
  const pump = () => {
    if (waiting.length === 0) return
    const events = joined(waiting)
    waiting = []
    const frame: ChatFrame = { sessionId, runId, messageId, from: next, events }
    next += events.length
    kept.push(...events)
    if (kept.length > 2 * keptEvents) kept = kept.slice(-keptEvents)
    registry('live').publish(sessionId, frame)
    told?.(events)
  }
  return {
    pump,
    onTold: (listener: (events: RunEvent[]) => void) => {
      told = listener
    },
    say(events: RunEvent[]) {
      if (waiting.length === 0) setImmediate(pump)
      waiting.push(...events)
    },
    get next() {
      return next
    },
    after(number: number) {
      pump()
      const from = next - kept.length
      if (number + 1 < from) return null
      return { from: number + 1, events: kept.slice(Math.max(0, number + 1 - from)) }
    },
  }
}

/**
 * Opens a run's record where its stream ends. The number of an event is the number of its line.
 * @throws AppError where what is stored of it cannot be opened
 */
export async function openRecorder(spaceId: ProjectId, run: Run): Promise<Recorder> {
  const prior = await readEvents(spaceId, run.streamId, 0, Number.POSITIVE_INFINITY)
  const fold = makeFold()
  for (const event of prior.events) fold.take(event)
  const writer = openWriter(spaceId, run.streamId)
  const teller = makeTeller(run, prior.events.length + 1)
  let lines: string[] = []
  let timer: NodeJS.Timeout | undefined
  const store = () => {
    clearTimeout(timer)
    timer = undefined
    if (lines.length === 0) return
    writer.write('', `${lines.join('\n')}\n`)
    lines = []
    // Watchers of other processes have no short cut: they read the stream.
    registry('hub').publish(chatTopic(run.sessionId), { kind: 'run', runId: run.id, messageId: run.messageId, next: teller.next })
  }
  teller.onTold((events) => {
    for (const event of events) lines.push(JSON.stringify(event))
    timer ??= setTimeout(store, storeMs)
  })
  const release = registry('live').hold(run.id, { after: teller.after })
  const flush = async () => {
    teller.pump()
    store()
    await writer.flush()
  }
  return {
    parts: fold.parts,
    get turnsDone() {
      return fold.state.turnsDone
    },
    get usage() {
      return fold.state.usage
    },
    get ended() {
      return fold.state.ended
    },
    emit(...events) {
      for (const event of events) fold.take(event)
      teller.say(events)
    },
    flush,
    async close() {
      await flush().finally(() => {
        release()
        clearTimeout(timer)
      })
      await writer.close()
    },
  }
}
