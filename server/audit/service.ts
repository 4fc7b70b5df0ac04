import type { Tx } from '@/server/core/db.ts'
import type { Act } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import type { AuditRecord } from './schema.ts'

/**
 * Does an act of administration and writes down who did what, when and from where; both are stored or neither.
 * `work` gets the transaction and hands it to its domain's `data.ts`; whatever it throws undoes the entry, too.
 */
export const audited = <T>(act: Act, record: AuditRecord, work: (tx: Tx) => Promise<T>): Promise<T> =>
  data.withEntry(act, record, new Date(registry('clock').now()), work)

/** The server itself as the one who acts. */
export const systemAct = (requestId: string): Act => ({ actorId: null, email: 'system', address: null, userAgent: null, requestId })

class Unchanged extends Error {}

/**
 * Like `audited`, for acts that may have been done before: `work` says whether it changed anything, and where it did not, nothing is
 * written down. Gives the same answer.
 */
export async function auditedChange(act: Act, record: AuditRecord, work: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  try {
    await audited(act, record, async (tx) => {
      // The transaction ends with it, and with the transaction the entry.
      if (!(await work(tx))) throw new Unchanged()
    })
    return true
  } catch (error) {
    if (error instanceof Unchanged) return false
    throw error
  }
}
