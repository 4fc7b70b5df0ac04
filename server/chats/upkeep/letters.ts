import { baseUrl } from '@/server/core/env.ts'
import { isAppError } from '@/server/core/errors.ts'
import { logger } from '@/server/core/logger.ts'
import { registered, registry } from '@/server/core/registry.ts'
import { sendLetter, settledLetters } from '@/server/notifications/service.ts'
import * as data from '../data.ts'
import { presentForMs, writesAfterMs } from './types.ts'

const keyOf = (approvalId: string) => `approval-waiting/${approvalId}`

/** People who have a page open on this node. */
function presentHere(): Set<string> {
  const present = new Set<string>()
  for (const socket of registered('sockets')?.sockets.sockets.values() ?? []) {
    const caller: unknown = socket.data.caller
    const id = (caller as { actor?: { id?: unknown } | null } | undefined)?.actor?.id
    if (typeof id === 'string') present.add(id)
  }
  return present
}

type Waiting = Awaited<ReturnType<typeof data.findWaiting>>

async function writeAbout(waiting: Waiting, now: number): Promise<number> {
  const [present, settled] = [presentHere(), await settledLetters(waiting.map(({ id }) => keyOf(id)))]
  const away = waiting.filter(({ id, ownerId, seenAt }) => {
    // Sessions say seldom that they are at work, so somebody on another node's page is known by that.
    const seen = seenAt !== null && now - seenAt.getTime() < presentForMs
    return !settled.has(keyOf(id)) && !present.has(ownerId) && !seen
  })
  let sent = 0
  for (const { id, sessionId, email, locale } of away) {
    const letter = { name: 'approvalWaiting' as const, values: { link: `${baseUrl()}/workspace/${sessionId}` } }
    try {
      if ((await sendLetter({ key: keyOf(id), to: email, locale, letter })) === 'sent') sent++
    } catch (err) {
      // The mail server is away: the next sweep tries again.
      if (!isAppError(err)) throw err
      logger.warn({ err, approvalId: id }, 'a mail about a waiting tool call could not be sent yet')
    }
  }
  return sent
}

/**
 * Every minute: whoever has had a tool call waiting for ten minutes and has no page open gets a mail, once for each call. It says nothing
 * of what the call would do. Gives how many were sent.
 */
export async function sweepWaitingApprovals(atOnce = 200): Promise<number> {
  const now = registry('clock').now()
  let sent = 0
  // Those who were written to go on waiting for a day, and must not stand before the others.
  for (let after = ''; ; ) {
    const waiting = await data.findWaiting(new Date(now - writesAfterMs), after, atOnce)
    sent += waiting.length > 0 ? await writeAbout(waiting, now) : 0
    after = waiting.at(-1)?.id ?? ''
    if (waiting.length < atOnce) return sent
  }
}
