import type { ChatMessage, Part } from '@/server/chats/schema.ts'
import { applyEvent, type ChatFrame, isOver, type RunEvent, type RunStateName } from '@/server/workspace/schema.ts'

export type Wait = NonNullable<Extract<RunEvent, { type: 'wait' }>['wait']>

/** A message as it is shown: what is stored, with what its run has told since. */
export interface LiveMessage extends ChatMessage {
  runState: RunStateName | null
  /** Its state as it is stored, which comes a moment after what is heard. */
  stored: ChatMessage['state']
  /** The model is busy; what is asked again, and when. */
  wait: Wait | null
}

/** What has been heard of one run. */
export interface RunFold {
  readonly runId: string
  readonly messageId: string
  /** The number of the last event that was applied. */
  last: number
  /** The highest number that is known to exist. */
  known: number
  /** All that happened before the last connection has been read. */
  whole: boolean
  /** That was so once: what was heard is more than what is stored. */
  ready: boolean
  over: boolean
  changes: number
  parts: Part[]
  told: Partial<LiveMessage>
}

export const newRun = (runId: string, messageId: string): RunFold => ({
  ...{ runId, messageId, last: 0, known: 0, whole: false, ready: false, over: false, changes: 0 },
  ...{ parts: [], told: {} },
})

const stateOf: Partial<Record<RunStateName, ChatMessage['state']>> = { succeeded: 'done', failed: 'failed', stopped: 'stopped' }

function applyOne(run: RunFold, event: RunEvent): void {
  if (event.type === 'state') {
    run.over = isOver(event.state)
    const state = stateOf[event.state]
    run.told = { ...run.told, runState: event.state, ...(state && { state, wait: null }), ...(event.failure && { failure: event.failure }) }
  } else if (event.type === 'usage') {
    const { type: _, ...usage } = event
    run.told = { ...run.told, ...usage }
  } else if (event.type === 'wait') run.told = { ...run.told, wait: event.wait }
  else if (event.type !== 'title') {
    // Whoever drew a part before keeps the one that was drawn.
    const before = 'index' in event ? run.parts[event.index] : undefined
    if (before && 'index' in event) run.parts[event.index] = { ...before }
    applyEvent(run.parts, event)
  }
}

/**
 * Applies what is new in a frame: events that were applied before are passed over, and nothing is applied after a gap. Gives the events that were applied.
 */
export function applyFrame(run: RunFold, frame: Pick<ChatFrame, 'from' | 'events'>): RunEvent[] {
  run.known = Math.max(run.known, frame.from + frame.events.length - 1)
  if (frame.from > run.last + 1) return []
  const fresh = frame.events.slice(run.last + 1 - frame.from)
  if (fresh.length === 0) return fresh
  run.parts = [...run.parts]
  for (const event of fresh) applyOne(run, event)
  run.last += fresh.length
  run.changes++
  return fresh
}

const drawn = new WeakMap<ChatMessage, { changes: number; live: LiveMessage }>()

/** A stored message with what its run told; the same object as long as neither changed. What is stored as finished needs nobody's word. */
export function liveMessage(message: ChatMessage, run: RunFold | undefined): LiveMessage {
  const heard = run && message.state === 'open' && (run.ready || run.over) ? run : undefined
  const changes = heard?.changes ?? -1
  const known = drawn.get(message)
  if (known?.changes === changes) return known.live
  const live: LiveMessage = {
    ...message,
    stored: message.state,
    runState: null,
    wait: null,
    ...(heard && { ...heard.told, parts: heard.parts }),
  }
  drawn.set(message, { changes, live })
  return live
}

/**
 * The loaded branch with its last page read anew. What was loaded of older messages stays where the page follows it; a page of another branch replaces all.
 * Messages that did not change stay the same objects.
 */
export function mergeLatest(loaded: readonly ChatMessage[], latest: readonly ChatMessage[]): { items: ChatMessage[]; joined: boolean } {
  const known = new Map(loaded.map((message) => [message.id, message]))
  const items = latest.map((message) => {
    const before = known.get(message.id)
    return before && sameMessage(before, message) ? before : message
  })
  const parentId = latest[0]?.parentId
  const at = parentId ? loaded.findIndex(({ id }) => id === parentId) : -1
  return { items: at < 0 ? items : [...loaded.slice(0, at + 1), ...items], joined: at >= 0 }
}

/** Whether two readings of a message show the same. What is finished changes in its branches alone. */
function sameMessage(one: ChatMessage, other: ChatMessage): boolean {
  if (one.state === 'open' || other.state === 'open') return false
  return (
    one.state === other.state &&
    one.siblings.join() === other.siblings.join() &&
    one.costMicros === other.costMicros &&
    (one.parts === null) === (other.parts === null)
  )
}
