import { env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { dayOf } from '../rules.ts'
import type { Quota } from '../schema.ts'
import type { Limited } from './types.ts'

const megabyte = 1024 * 1024
const sentences: Record<Limited, string> = {
  tokens: 'Today’s tokens are used up.',
  sessions: 'Too many conversations are at work at once.',
  diskBytes: 'The files of your conversations take all the space there is for them.',
}
const keys: Record<Limited, string> = { tokens: 'quotaTokens', sessions: 'quotaSessions', diskBytes: 'quotaDisk' }

/** What a person has used, of what there is. Conversations at work are counted without `but`. */
export async function quotaOf(actorId: ActorId, but?: string): Promise<Quota> {
  const { MAESTRO_CHAT_TOKENS_PER_DAY, MAESTRO_CHAT_SESSIONS, MAESTRO_CHAT_DISK_MB } = env()
  const day = dayOf(registry('clock').now())
  const used = await data.findUsage(actorId, day.from, but)
  return {
    tokens: { used: used.tokens, limit: MAESTRO_CHAT_TOKENS_PER_DAY },
    sessions: { used: used.sessions, limit: MAESTRO_CHAT_SESSIONS },
    diskBytes: { used: used.bytes, limit: MAESTRO_CHAT_DISK_MB * megabyte },
    resetsAt: day.until.toISOString(),
  }
}

/** What is asked where nobody says what: of a conversation everything, within a run only what it goes on using. */
const usual = (sessionId: string | undefined): readonly Limited[] => (sessionId ? ['tokens', 'sessions', 'diskBytes'] : ['tokens'])

/**
 * Refuses what would go beyond a person's share.
 * @param sessionId the conversation that is to go on: others at work are counted, and bytes of files
 * @param which asks for these alone
 * @throws AppError TOO_MANY_REQUESTS
 */
export async function checkQuota(actorId: ActorId, sessionId?: string, which = usual(sessionId)): Promise<void> {
  const quota = await quotaOf(actorId, sessionId)
  const spent = which.find((one) => quota[one].used >= quota[one].limit)
  if (!spent) return
  const retryAfter = Math.max(1, Math.ceil((Date.parse(quota.resetsAt) - registry('clock').now()) / 1000))
  const limit = spent === 'diskBytes' ? Math.round(quota.diskBytes.limit / megabyte) : quota[spent].limit
  const more = { key: keys[spent], values: { limit }, ...(spent === 'tokens' ? { retryAfter } : {}) }
  throw new AppError('TOO_MANY_REQUESTS', sentences[spent], undefined, more)
}
