import type { Part } from '@/server/chats/schema.ts'
import { applyEvent, isOver, type RunEvent } from '../schema.ts'
import type { RunUsage } from './types.ts'

/** So much of neighbouring deltas becomes one event. */
const mergedCharacters = 4_096

/** What the events of a run come to. */
export function makeFold() {
  const parts: Part[] = []
  const state = {
    turnsDone: 0,
    usage: { inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0 } as RunUsage,
    ended: null as Extract<RunEvent, { type: 'state' }> | null,
  }
  return {
    parts,
    state,
    take(event: RunEvent): void {
      applyEvent(parts, event)
      if (event.type === 'usage') {
        const { type: _, ...usage } = event
        // What was left out once is left out of the requests that follow, too, though they take up less of the context for it.
        state.usage = { ...usage, contextTokens: Math.max(state.usage.contextTokens, usage.contextTokens) }
        state.turnsDone++
      } else if (event.type === 'state' && isOver(event.state)) state.ended = event
    },
  }
}

/** Joins deltas of one field that follow each other, so that many small ones of one moment are one event. */
export function joined(events: readonly RunEvent[]): RunEvent[] {
  const result: RunEvent[] = []
  for (const event of events) {
    const last = result.at(-1)
    const same = last?.type === 'delta' && event.type === 'delta' && last.index === event.index && last.field === event.field
    if (same && last.text.length + event.text.length <= mergedCharacters)
      result[result.length - 1] = { ...last, text: last.text + event.text }
    else result.push(event)
  }
  return result
}

/** Cuts a long text into deltas, so that no event is longer than a line of a stream may be. */
export function deltasOf(index: number, field: 'text' | 'input' | 'output', text: string): RunEvent[] {
  const events: RunEvent[] = []
  for (let at = 0; at < text.length; at += mergedCharacters)
    events.push({ type: 'delta', index, field, text: text.slice(at, at + mergedCharacters) })
  return events
}
