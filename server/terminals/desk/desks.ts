import type { Preview } from '../schema.ts'
import type { Desk } from './types.ts'

interface State {
  open: Map<string, Desk>
  /** How the last preview of a conversation ended, for whoever wonders why it failed. */
  ended: Map<string, { ownerId: string; view: Preview }>
}

const rememberedEnds = 200

// A symbol on globalThis, because main.ts and Next each bundle their own copy of this module: sockets are the one's, procedures the other's.
const key = Symbol.for('maestro.terminals.desks')
const holder = globalThis as { [key]?: State }
function state(): State {
  holder[key] ??= { open: new Map(), ended: new Map() }
  return holder[key]
}

/** The desks of this process, by conversation. */
export const desks = (): Map<string, Desk> => state().open

/** The desk of a conversation, for its owner alone. */
export function deskOf(ownerId: string, sessionId: string): Desk | null {
  const desk = desks().get(sessionId)
  return desk?.ownerId === ownerId ? desk : null
}

/** Remembers for a while how a preview ended. */
export function rememberEnd(ownerId: string, sessionId: string, view: Preview): void {
  const { ended } = state()
  ended.delete(sessionId)
  ended.set(sessionId, { ownerId, view })
  for (const oldest of ended.keys()) if (ended.size > rememberedEnds) ended.delete(oldest)
}

export function endOf(ownerId: string, sessionId: string): Preview | null {
  const end = state().ended.get(sessionId)
  return end?.ownerId === ownerId ? end.view : null
}
