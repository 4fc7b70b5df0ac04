import { stat } from 'node:fs/promises'
import { env } from '@/server/core/env.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { heldBytes } from '@/server/core/held-files.ts'
import { placeOf } from '../packs/places.ts'
import type { Holder } from './types.ts'

interface State {
  holders: Set<Holder>
  /** What was found at the last look, by session. */
  found: Map<string, { spaceId: ProjectId; bytes: number }>
}

// A symbol on globalThis, because main.ts and Next each bundle their own copy of this module: programs are started by both.
const key = Symbol.for('maestro.files.held')
const holder = globalThis as { [key]?: State }
function state(): State {
  holder[key] ??= { holders: new Set(), found: new Map() }
  return holder[key]
}

/** More than anybody may have. */
export const allTheRoom = (): number => env().MAESTRO_CHAT_DISK_MB * 1024 ** 2 + 1

/**
 * Says that a program works in a session's folder: what it holds open of deleted files counts as its person's. Call what it returns once the
 * program has ended.
 */
export function countHeld(spaceId: ProjectId, sessionId: string, pid: number | undefined): () => void {
  if (pid === undefined) return () => undefined
  const one: Holder = { spaceId, sessionId, pid }
  const { holders, found } = state()
  holders.add(one)
  return () => {
    holders.delete(one)
    if (![...holders].some((other) => other.sessionId === sessionId)) found.delete(sessionId)
  }
}

/** Looks how much the programs of a session hold open of files that have no name any more, and remembers it for the person's sum. */
export async function heldIn(sessionId: string): Promise<number> {
  const { holders, found } = state()
  const own = [...holders].filter((one) => one.sessionId === sessionId)
  const [first] = own
  if (!first) return 0
  const { dev } = await stat(placeOf(sessionId).files)
  const pids = own.map(({ pid }) => pid)
  const bytes = (await heldBytes(pids, dev)) ?? allTheRoom()
  // They may have ended meanwhile, and all that they held with them.
  if (own.some((one) => holders.has(one))) found.set(sessionId, { spaceId: first.spaceId, bytes })
  return bytes
}

/** What was found at the last looks, of all sessions of a person. */
export const heldOf = (spaceId: ProjectId): number =>
  [...state().found.values()].reduce((sum, one) => sum + (one.spaceId === spaceId ? one.bytes : 0), 0)
