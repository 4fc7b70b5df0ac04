import { db, type Tx } from '@/server/core/db.ts'
import type { Act } from '@/server/core/gates.ts'
import type { AuditRecord } from './schema.ts'

/** Does `work` and writes down what it was, both or neither. */
export const withEntry = <T>(act: Act, { action, target, details = {} }: AuditRecord, at: Date, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db().$transaction(async (tx) => {
    const result = await work(tx)
    const { actorId, email: actorEmail, address, userAgent, requestId } = act
    const to = { targetType: target.type, targetId: target.id, targetLabel: target.label }
    await tx.auditEntry.create({ data: { at, action, actorId, actorEmail, ...to, details, address, userAgent, requestId } })
    return result
  })
