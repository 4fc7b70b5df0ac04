interface State {
  /** The last of those who want a session's files for themselves. */
  tail: Map<string, Promise<unknown>>
  /** How many are at work in a session's folder. */
  users: Map<string, number>
  /** How often a session's files were written by this process, for whoever counts them meanwhile. */
  writes: Map<string, number>
}

// A symbol on globalThis, because main.ts and Next each bundle their own copy of this module, and both work on the same folders.
const key = Symbol.for('maestro.files.locks')
const holder = globalThis as { [key]?: State }
function state(): State {
  holder[key] ??= { tail: new Map(), users: new Map(), writes: new Map() }
  return holder[key]
}

/** One after the other: what changes a session's files, its snapshots or its pack. */
export function alone<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
  const { tail } = state()
  const before = tail.get(sessionId) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled = mine
    .catch(() => undefined)
    .then(() => {
      if (tail.get(sessionId) === settled) tail.delete(sessionId)
    })
  tail.set(sessionId, settled)
  return mine
}

/** Says that a session's files were written. */
export function noteWrite(sessionId: string): void {
  const { writes } = state()
  writes.set(sessionId, writesIn(sessionId) + 1)
}

/** How often a session's files were written here. */
export const writesIn = (sessionId: string): number => state().writes.get(sessionId) ?? 0

/** Says that somebody is at work in a session's folder, so that it is not packed; returns the function that ends it. */
export function hold(sessionId: string): () => void {
  const { users } = state()
  users.set(sessionId, (users.get(sessionId) ?? 0) + 1)
  let held = true
  return () => {
    if (!held) return
    held = false
    const left = (users.get(sessionId) ?? 1) - 1
    if (left > 0) users.set(sessionId, left)
    else users.delete(sessionId)
  }
}

/** Whether anybody is at work in a session's folder. */
export const isHeld = (sessionId: string): boolean => (state().users.get(sessionId) ?? 0) > 0
