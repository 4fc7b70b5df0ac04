import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { addressKey } from './address.ts'
import { pool } from './db.ts'
import { env } from './env.ts'
import { AppError } from './errors.ts'
import type { Caller } from './gates.ts'

/**
 * What may be done how often: `points` times in `seconds` by one person or one API token, and `perAddress` times from one address, behind
 * which there may be an office. The counters stand in PostgreSQL, so they hold over every node and a restart.
 */
export const limits = {
  signIn: { points: 30, seconds: 300, perAddress: 60 },
  apply: { points: 5, seconds: 3_600, perAddress: 30 },
  invite: { points: 50, seconds: 3_600, perAddress: 200 },
  /** Looks at an invitation by its secret, right or wrong. */
  invitation: { points: 60, seconds: 300, perAddress: 120 },
  create: { points: 30, seconds: 3_600, perAddress: 120 },
  /** Agents that are made, copied or changed. */
  agents: { points: 600, seconds: 3_600, perAddress: 2_400 },
  /** MCP servers that are tried out. */
  mcp: { points: 60, seconds: 300, perAddress: 240 },
  build: { points: 60, seconds: 3_600, perAddress: 240 },
  /** Messages to agents. */
  chat: { points: 120, seconds: 3_600, perAddress: 1_200 },
  say: { points: 60, seconds: 60, perAddress: 600 },
  /** Looks into all that was said, or into documents: much is opened for one answer. */
  search: { points: 120, seconds: 60, perAddress: 960 },
  suggest: { points: 240, seconds: 60, perAddress: 960 },
  feedback: { points: 10, seconds: 3_600, perAddress: 30 },
  /** Mails to one receiver: what others cause, and what tells administrators of their work. */
  mail: { points: 20, seconds: 3_600, perAddress: 20 },
  notice: { points: 200, seconds: 3_600, perAddress: 200 },
  account: { points: 60, seconds: 3_600, perAddress: 240 },
  /** Rotations, rounds and ends of keys. */
  keys: { points: 60, seconds: 3_600, perAddress: 240 },
  /** Pages of conversations that somebody shared. */
  shared: { points: 240, seconds: 300, perAddress: 480 },
  /** Files that are handed in to conversations and agents. */
  upload: { points: 240, seconds: 3_600, perAddress: 960 },
  /** Files that are put into a conversation's folder: a whole folder of them may come at once. */
  files: { points: 6_000, seconds: 3_600, perAddress: 24_000 },
  export: { points: 5, seconds: 3_600, perAddress: 20 },
} as const satisfies Record<string, { points: number; seconds: number; perAddress: number }>
export type LimitName = keyof typeof limits

const limiter = (name: LimitName, kind: 'person' | 'address') => {
  const { points, seconds, perAddress } = limits[name]
  return new RateLimiterPostgres({
    storeClient: pool(),
    tableName: 'rate_limit',
    // Our migrations make the table, and an hourly sweep removes what has expired.
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: `${name}:${kind}`,
    points: Math.ceil((kind === 'person' ? points : perAddress) * env().MAESTRO_RATE_LIMIT_SCALE),
    duration: seconds,
  })
}

function tooMany({ msBeforeNext }: RateLimiterRes): AppError {
  const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1_000))
  const minutes = Math.ceil(retryAfter / 60)
  return new AppError('TOO_MANY_REQUESTS', `Too many of these at once: try again in ${minutes} min.`, undefined, {
    key: 'tooMany',
    values: { minutes },
    retryAfter,
  })
}

async function take(name: LimitName, kind: 'person' | 'address', key: string): Promise<void> {
  try {
    await limiter(name, kind).consume(key)
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooMany(refused) : refused
  }
}

/**
 * Counts one use against the limits of the person, of the API token and of the address.
 * @throws AppError TOO_MANY_REQUESTS with `retryAfter` in seconds
 */
export async function countUse(name: LimitName, caller: Caller, address: string | null): Promise<void> {
  if (caller.via?.kind === 'operator') return
  if (caller.actor) await take(name, 'person', caller.actor.id)
  if (caller.via?.kind === 'token') await take(name, 'person', `token ${caller.via.id}`)
  if (address) await take(name, 'address', addressKey(address))
}

/** Counts one use against the limit of something that is no caller: the receiver of a mail. @throws AppError TOO_MANY_REQUESTS */
export const countFor = (name: LimitName, key: string): Promise<void> => take(name, 'person', key)

/** Whether `countFor` would refuse, without counting. @throws AppError TOO_MANY_REQUESTS */
export async function checkFor(name: LimitName, key: string): Promise<void> {
  const limit = limiter(name, 'person')
  const used = await limit.get(key)
  if (used && used.consumedPoints >= limit.points) throw tooMany(used)
}

/** Removes counters whose time is over; nothing asks for them again unless their owner comes back. */
export async function removeExpiredLimits(now = Date.now()): Promise<number> {
  return (await pool().query('DELETE FROM rate_limit WHERE expire < $1', [now])).rowCount ?? 0
}
