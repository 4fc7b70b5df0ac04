import { db } from '@/server/core/db.ts'
import type { MailStatus } from './schema.ts'

export interface MailRow {
  id: string
  status: MailStatus
  attempts: number
  claimedUntil: Date | null
}
const state = { id: true, status: true, attempts: true, claimedUntil: true } as const

/** Makes the row of a key where there is none yet; true where it was made just now. */
export async function makeMail(mail: { key: string; letter: string; to: string; locale: string; createdAt: Date }): Promise<boolean> {
  return (await db().mail.createMany({ data: [mail], skipDuplicates: true })).count === 1
}

export const findMail = (key: string): Promise<MailRow> => db().mail.findUniqueOrThrow({ where: { key }, select: state })

/** Those of these keys whose mail was sent or given up. */
export async function findSettled(keys: string[]): Promise<Set<string>> {
  const rows = await db().mail.findMany({ where: { key: { in: keys }, status: { not: 'QUEUED' } }, select: { key: true } })
  return new Set(rows.map(({ key }) => key))
}

/** Takes a mail to be sent until `until`: null where it is not to be sent any more, or another one sends it. */
export async function claimMail(key: string, now: Date, until: Date): Promise<string | null> {
  const free = { key, status: 'QUEUED' as const, OR: [{ claimedUntil: null }, { claimedUntil: { lte: now } }] }
  const { count } = await db().mail.updateMany({ where: free, data: { claimedUntil: until, attempts: { increment: 1 } } })
  return count === 1 ? (await findMail(key)).id : null
}

/** Writes down how an attempt ended. Without a status it may be tried again. */
export async function settleMail(key: string, end: { status?: 'SENT' | 'FAILED'; reason: string | null; at: Date }): Promise<void> {
  const { status, reason, at } = end
  const sent = status === 'SENT' ? { sentAt: at } : {}
  await db().mail.updateMany({
    where: { key, status: 'QUEUED' },
    data: { ...(status ? { status } : {}), reason, claimedUntil: null, ...sent },
  })
}

const columns = {
  id: true,
  letter: true,
  to: true,
  locale: true,
  status: true,
  attempts: true,
  reason: true,
  createdAt: true,
  sentAt: true,
} as const

/** The outbox from the newest to the oldest. */
export function findMails({ limit, cursor, status }: { limit: number; cursor?: string; status?: MailStatus }) {
  const where = { ...(cursor ? { id: { lt: cursor } } : {}), ...(status ? { status } : {}) }
  return db().mail.findMany({ where, orderBy: { id: 'desc' }, take: limit, select: columns })
}

/** Gives up what nobody could hand in since `since`. */
export async function giveUpMails(since: Date, now: Date): Promise<void> {
  const where = { status: 'QUEUED' as const, createdAt: { lt: since }, OR: [{ claimedUntil: null }, { claimedUntil: { lte: now } }] }
  await db().mail.updateMany({ where, data: { status: 'FAILED', claimedUntil: null } })
}

export async function deleteMails(before: Date): Promise<void> {
  await db().mail.deleteMany({ where: { createdAt: { lt: before } } })
}
