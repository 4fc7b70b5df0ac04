import { createHash } from 'node:crypto'
import { baseUrl } from '@/server/core/env.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import { checkFor, countFor } from '@/server/core/limits.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { smtpChannel } from './channels/smtp.ts'
import { type Channel, MailRefusal } from './channels/types.ts'
import * as data from './data.ts'
import { composeLetter } from './letters/compose.ts'
import { letterLocale } from './letters/words.ts'
import { claimMs, giveUpHours, limitOf } from './rules.ts'
import {
  type Letter,
  type LetterRequest,
  letterRequestSchema,
  type MailDetail,
  type MailStatus,
  type MailSummary,
  mailAddressSchema,
  mailPage,
  type OutboxItem,
  outboxDays,
} from './schema.ts'

const hourMs = 3_600_000
const waitMs = 100
const now = () => new Date(registry('clock').now())
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let open: { url: string; channel: Channel } | undefined

/** The way out, kept open between mails. */
function channel(): Channel {
  const { url } = registry('mail')
  if (open?.url !== url) {
    open?.channel.close()
    open = { url, channel: smtpChannel(url) }
  }
  return open.channel
}

/** Ends the connections that are kept for the next mail. */
export function closeMail(): void {
  open?.channel.close()
  open = undefined
}

const later = () =>
  new AppError('UNAVAILABLE', 'The mail server does not take this mail now. It is tried again.', undefined, { key: 'mailLater' })

/** Nothing but our own pages stands behind a button. */
function ownLink({ values }: Letter): boolean {
  return !('link' in values) || new URL(values.link).origin === new URL(baseUrl()).origin
}

/** The name of the sender's host, for Message-IDs. */
const hostOf = (from: string) => /@([a-z0-9.-]+)>?\s*$/i.exec(from)?.[1] ?? 'localhost'

/**
 * One attempt. Between the other server's "taken" and our own mark lies a moment in which this process may die: the mail is then handed in
 * once more. It has the same Message-ID, by which the embedded server and many mailboxes know it; no more can be had from SMTP.
 */
async function attempt(key: string, to: string, locale: string, letter: Letter): Promise<'sent' | 'failed'> {
  const { from } = registry('mail')
  const messageId = `<${sha256(key).slice(0, 40)}@${hostOf(from)}>`
  try {
    await channel().send({ messageId, from, to, ...composeLetter(letter, letterLocale(locale)) })
  } catch (err) {
    const refusal = err instanceof MailRefusal ? err : null
    if (!refusal) logger.error({ err, letter: letter.name }, 'a letter could not be made')
    const permanent = refusal?.permanent ?? false
    await data.settleMail(key, { ...(permanent ? { status: 'FAILED' as const } : {}), reason: refusal?.reason ?? 'INTERNAL', at: now() })
    logger.warn({ letter: letter.name, permanent }, 'a mail was not taken')
    if (permanent) return 'failed'
    throw later()
  }
  await data.settleMail(key, { status: 'SENT', reason: null, at: now() })
  return 'sent'
}

/** Waits for whoever sends this mail; null where nobody does any more. */
async function outcome(key: string): Promise<'already' | 'failed' | null> {
  const before = await data.findMail(key)
  for (let row = before; ; row = await data.findMail(key)) {
    if (row.status === 'SENT') return 'already'
    if (row.status === 'FAILED') return 'failed'
    // The one we waited for could not send it: what holds for one holds for all.
    if (row.claimedUntil === null && before.claimedUntil !== null) throw later()
    if (row.claimedUntil === null || row.claimedUntil <= now()) return null
    await registry('clock').sleep(waitMs)
  }
}

/** Whether the receiver may be sent one more; counted once for each mail. */
async function counted(to: string, letter: Letter): Promise<boolean> {
  try {
    await countFor(limitOf(letter.name), sha256(to))
    return true
  } catch (err) {
    if (isAppError(err)) return false
    throw err
  }
}

/**
 * Sends one mail, once for its key: a second call with the same key sends nothing, and one at the same time waits for the first.
 * @returns whether the receiver has it now (`sent`), had it already (`already`), or never will (`failed`, the outbox says why)
 * @throws AppError UNAVAILABLE where trying again later may help, so that Inngest does
 */
export async function sendLetter(request: LetterRequest): Promise<'sent' | 'already' | 'failed'> {
  const { key, locale: wanted, letter, to: given } = letterRequestSchema.parse(request)
  // Read before anything is done to it: some signs of other alphabets become plain letters in lower case.
  const address = mailAddressSchema.safeParse(given)
  const to = address.data ?? given.slice(0, 254)
  const locale = letterLocale(wanted)
  const fresh = await data.makeMail({ key, letter: letter.name, to, locale, createdAt: now() })
  const reason = !address.success
    ? 'BAD_ADDRESS'
    : !ownLink(letter)
      ? 'FOREIGN_LINK'
      : fresh && !(await counted(to, letter))
        ? 'TOO_MANY'
        : null
  if (reason) await data.settleMail(key, { status: 'FAILED', reason, at: now() })
  for (;;) {
    if (await data.claimMail(key, now(), new Date(now().getTime() + claimMs))) return attempt(key, to, locale, letter)
    const known = await outcome(key)
    if (known) return known
  }
}

/**
 * Refuses to cause another mail to somebody who was sent many; to be asked before a mail is promised, so that whoever causes it is told.
 * @throws AppError TOO_MANY_REQUESTS
 */
export async function checkMailable(address: string): Promise<void> {
  await checkFor('mail', sha256(address.trim().toLowerCase()))
}

/** Which of these letters have come to their end: they were sent, or never will be. For sweeps that look for what was cut off. */
export const settledLetters = (keys: string[]): Promise<Set<string>> => data.findSettled(keys)

/** Hourly: gives up what could not be handed in for a day, and forgets old rows. */
export async function sweepMails(): Promise<void> {
  const at = now().getTime()
  await data.giveUpMails(new Date(at - giveUpHours * hourMs), new Date(at))
  await data.deleteMails(new Date(at - outboxDays * 24 * hourMs))
}

/** One page of `limit` rows and where the next one begins, from one row more than that. */
function pageOf<T extends { id: string }>(rows: T[], limit: number): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** The mails that the embedded server keeps. @throws AppError NOT_FOUND where a real one delivers */
function mailbox() {
  const box = registry('mailbox')
  if (!box)
    throw new AppError('NOT_FOUND', 'Mail is delivered by a real server: there is nothing kept here.', undefined, { key: 'noMailbox' })
  return box
}

/** Mails of the embedded server, newest first. @throws AppError NOT_FOUND */
export async function listMails({ cursor, to }: { cursor?: string; to?: string }): Promise<{ items: MailSummary[]; next: string | null }> {
  const filter = { ...(cursor ? { before: cursor } : {}), ...(to ? { to: to.toLowerCase() } : {}) }
  const { items, next } = pageOf(await mailbox().list({ limit: mailPage + 1, ...filter }), mailPage)
  return { items: items.map(({ at, ...mail }) => ({ ...mail, at: at.toISOString() })), next }
}

/** One mail of the embedded server. @throws AppError NOT_FOUND */
export async function readMail(id: string): Promise<MailDetail> {
  const mail = await mailbox().get(id)
  if (!mail) throw new AppError('NOT_FOUND', 'There is no such mail.', 'id', { key: 'noMail' })
  return { ...mail, at: mail.at.toISOString() }
}

/** What was to be sent, newest first, without a word of it. */
export async function listOutbox(page: { cursor?: string; status?: MailStatus }): Promise<{ items: OutboxItem[]; next: string | null }> {
  const { items, next } = pageOf(await data.findMails({ limit: mailPage + 1, ...page }), mailPage)
  const item = ({ createdAt, sentAt, ...row }: (typeof items)[number]) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
  })
  return { items: items.map(item), next }
}
