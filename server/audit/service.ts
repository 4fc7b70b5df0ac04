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
