import type { Inngest, InngestFunction } from 'inngest'
import type { Pool } from 'pg'
import pino from 'pino'
import { type Clock, systemClock } from '@/server/core/clock.ts'
import { parseEnv } from '@/server/core/env.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { type Executor, type ExecutorOptions, startExecutor } from './executor.ts'

export const silent = pino({ level: 'silent' })

/** A run as the executor's table has it. */
export interface RunRow {
  id: string
  fn: string
  status: string
  result: unknown
  steps: number
}

export interface Bench {
  client: Inngest.Any
  executor: Executor
  send: Inngest.Any['send']
  /** Runs of a function (without the application's prefix), oldest first. */
  runs(fn: string): Promise<RunRow[]>
  /** Moves the executor's clock forward. */
  skip(ms: number): void
}

/** A client and an executor with tight times, for tests. */
export async function bench(
  pool: Pool,
  make: (client: Inngest.Any) => InngestFunction.Any[],
  options: Partial<ExecutorOptions> = {},
): Promise<Bench> {
  const client = makeInngest(parseEnv({}), silent, [])
  let offset = 0
  const clock: Clock = { ...systemClock, now: () => Date.now() + offset, random: () => 0 }
  const times = { leaseMs: 30_000, pollMs: 15, backoffMs: [1], clock, log: silent }
  const executor = await startExecutor({ pool, inngest: client, functions: make(client), ...times, ...options })
  return {
    client,
    executor,
    send: client.send.bind(client),
    skip: (ms) => {
      offset += ms
    },
    async runs(fn) {
      const { rows } = await pool.query(
        'SELECT id, fn_id AS fn, status, result, step_count AS steps FROM executor_run WHERE fn_id = $1 ORDER BY created_at, id',
        [`${client.id}-${fn}`],
      )
      return rows.map((row) => ({ ...row, result: row.result === null ? null : JSON.parse(row.result) }))
    },
  }
}
