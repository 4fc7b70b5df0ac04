import { mcpBounds, mcpProblem } from './types.ts'

// A symbol on globalThis, because main.ts and Next each bundle their own copy of this module: runs are the one's, checks the other's.
const key = Symbol.for('maestro.agents.programs')
const holder = globalThis as { [key]?: Map<string, number> }

/**
 * Takes a place for a program of a person's; each takes memory of this machine. Call what it returns once the program has ended.
 * @throws AppError UNAVAILABLE where as many run already as one person may have
 */
export function takeProgram(owner: string): () => void {
  holder[key] ??= new Map()
  const running = holder[key]
  const most = mcpBounds.programsPerPerson
  const count = running.get(owner) ?? 0
  if (count >= most) throw mcpProblem(`${most} programs of your agents run already.`, 'mcpTooMany', { most })
  running.set(owner, count + 1)
  let held = true
  return () => {
    if (!held) return
    held = false
    const left = (running.get(owner) ?? 1) - 1
    if (left > 0) running.set(owner, left)
    else running.delete(owner)
  }
}
