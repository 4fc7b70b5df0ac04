import { env } from '@/server/core/env.ts'
import { registry } from '@/server/core/registry.ts'
import { deleteOldCalls } from '../data.ts'

const dayMs = 24 * 3_600_000
const removedAtOnce = 5_000

/** Retention: sendings stay for MAESTRO_KEEP_LEDGER_DAYS, and those of a build as long as it goes on. Gives how many went. Safe to repeat. */
export async function removeOldCalls(keepDays: number = env().MAESTRO_KEEP_LEDGER_DAYS): Promise<number> {
  const before = new Date(registry('clock').now() - keepDays * dayMs)
  let removed = 0
  for (let some = removedAtOnce; some === removedAtOnce; removed += some) some = await deleteOldCalls(before, removedAtOnce)
  return removed
}
