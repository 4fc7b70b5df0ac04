import { db, type Tx } from '@/server/core/db.ts'
import type { Act } from '@/server/core/gates.ts'
import type { Prisma } from '@/server/core/generated/prisma/client.ts'
import { isId, literal } from './rules.ts'
import type { AuditFilter, AuditRecord } from './schema.ts'

/** Adds an entry to what a transaction does. */
export async function addEntry(tx: Tx, act: Act, { action, target, details = {} }: AuditRecord, at: Date): Promise<void> {
  const { actorId, email: actorEmail, address, userAgent, requestId } = act
  const to = { targetType: target.type, targetId: target.id, targetLabel: target.label }
  await tx.auditEntry.create({ data: { at, action, actorId, actorEmail, ...to, details, address, userAgent, requestId } })
}

/** Does `work` and writes down what it was, both or neither. */
export const withEntry = <T>(act: Act, record: AuditRecord, at: Date, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db().$transaction(async (tx) => {
    const result = await work(tx)
    await addEntry(tx, act, record, at)
    return result
  })

const like = (text: string) => ({ contains: literal(text), mode: 'insensitive' }) as const

function matching({ action, actor, target, since, until }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(action && { action }),
    ...(actor && (isId(actor) ? { actorId: actor } : { actorEmail: like(actor) })),
    ...(target && (isId(target) ? { targetId: target } : { targetLabel: like(target) })),
    ...((since || until) && { at: { ...(since && { gte: new Date(since) }), ...(until && { lt: new Date(until) }) } }),
  }
}

/** Entries, newest first: ids are made of the time, so their order is that of the acts. */
export const findEntries = (filter: AuditFilter, { before, take }: { before?: string | undefined; take: number }) =>
  db().auditEntry.findMany({
    where: { AND: [matching(filter), before ? { id: { lt: before } } : {}] },
    orderBy: { id: 'desc' },
    take,
  })

/** Removes entries of before a time, a bounded number at once; gives how many. The trigger lets only retention do so. */
export const deleteEntries = (before: Date, limit: number): Promise<number> =>
  db().$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL maestro.retention = 'on'`
    const old = await tx.auditEntry.findMany({ where: { at: { lt: before } }, orderBy: { at: 'asc' }, take: limit, select: { id: true } })
    return (await tx.auditEntry.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } })).count
  })
