import { keysTopic } from '@/server/core/hub.ts'
import { registered, registry } from '@/server/core/registry.ts'
import type { KeyScope } from '../data.ts'
import { boundedMap } from '../rules.ts'
import type { OpenedKey } from './types.ts'

/** Rings whose opened keys are kept. */
const ringLimit = 1_000
/** How long an opened key is used before its row is looked at again. Until then a writer may seal with a key that was retired meanwhile. */
export const writersKeepKeyMs = 30_000

interface Entry {
  at: number
  // A promise, so that many callers at once ask the database once.
  key: Promise<OpenedKey>
}
interface Ring {
  /** By their ids; the one that seals also as `active`. */
  keys: Map<string, Entry>
  unsubscribe: () => void
}

const rings = boundedMap<Ring>(ringLimit, (ring) => ring.unsubscribe())
const nameOf = (scope: string | null) => scope ?? 'platform'

/** Forgets what is opened of a ring. A lookup that is under way answers those who wait for it, and nobody after them. */
export function forgetRing(scope: string | null): void {
  const ring = rings.get(nameOf(scope))
  rings.delete(nameOf(scope))
  ring?.unsubscribe()
}

function ringOf(scope: KeyScope): Ring {
  const known = rings.get(nameOf(scope))
  if (known) return known
  const unsubscribe = registered('hub')?.subscribe(keysTopic(scope), () => forgetRing(scope)) ?? (() => undefined)
  const ring = { keys: new Map(), unsubscribe }
  rings.set(nameOf(scope), ring)
  return ring
}

/**
 * A key of a ring, from memory where it was looked up lately.
 * @param which its id, or `active`
 * @param find looks it up; it is handed the key that was used so far, to be given back where that is still the one
 */
export function cachedKey(scope: KeyScope, which: string, find: (known: OpenedKey | null) => Promise<OpenedKey>): Promise<OpenedKey> {
  const { keys } = ringOf(scope)
  const at = registry('clock').now()
  const known = keys.get(which)
  // A clock that was set back makes every entry too old.
  if (known && Math.abs(at - known.at) < writersKeepKeyMs) return known.key
  return lookUp(keys, which, at, find)
}

async function lookUp(keys: Ring['keys'], which: string, at: number, find: Parameters<typeof cachedKey>[2]): Promise<OpenedKey> {
  const entry: Entry = { at, key: Promise.resolve(keys.get(which)?.key ?? null).then(find) }
  keys.set(which, entry)
  try {
    const found = await entry.key
    if (which === 'active') keys.set(found.id, entry)
    return found
  } catch (error) {
    if (keys.get(which) === entry) keys.delete(which)
    throw error
  }
}
