import { db } from '@/server/core/db.ts'

const columns = { id: true, from: true, to: true, subject: true, at: true } as const

/** One mail as it was taken in and read. */
export interface NewMail {
  messageId: string
  from: string
  to: string[]
  subject: string
  text: string
  html: string | null
  raw: Uint8Array<ArrayBuffer>
}

/** Keeps a mail; one that was handed in before, by its Message-ID, is kept once. The oldest go where there are more than `keep`. */
export async function keepMail(mail: NewMail, at: Date, keep: number): Promise<void> {
  const { count } = await db().embeddedMail.createMany({ data: [{ ...mail, at }], skipDuplicates: true })
  if (count === 0) return
  const [oldest] = await db().embeddedMail.findMany({ orderBy: { id: 'desc' }, skip: keep, take: 1, select: { id: true } })
  if (oldest) await db().embeddedMail.deleteMany({ where: { id: { lte: oldest.id } } })
}

/** Mails from the newest to the oldest: those before `before`, and those with a receiver in whose address `to` stands, where they are given. */
export async function findMails({ limit, before, to }: { limit: number; before?: string; to?: string }) {
  const where = before ? { id: { lt: before } } : {}
  if (!to) return db().embeddedMail.findMany({ where, orderBy: { id: 'desc' }, take: limit, select: columns })
  const rows = await db().$queryRaw<{ id: string }[]>`
    SELECT id FROM embedded_mail WHERE strpos(array_to_string("to", ' '), ${to}) > 0 AND (${before ?? null}::text IS NULL OR id < ${before ?? null})
    ORDER BY id DESC LIMIT ${limit}`
  return db().embeddedMail.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, orderBy: { id: 'desc' }, select: columns })
}

export function findMail(id: string) {
  return db().embeddedMail.findUnique({ where: { id }, select: { ...columns, text: true, html: true } })
}
