import type { Pool } from 'pg'

/**
 * Ends the leases of what a process held that was killed just now or stands still, so that another takes it over without waiting. Leases stay
 * as long as in life, and a process that is merely slow is taken for dead by nobody. No process that works may hold any meanwhile.
 */
export async function endLeases(pool: Pool): Promise<void> {
  await pool.query("UPDATE executor_job SET lease_until = clock_timestamp() - interval '1 s' WHERE lease_until IS NOT NULL")
}
