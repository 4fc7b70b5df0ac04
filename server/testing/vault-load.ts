import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import type { ProjectId } from '@/server/core/gates.ts'
import { forgetRing } from '@/server/vault/ring/cache.ts'
import { open, seal } from '@/server/vault/service.ts'

/** What writers and readers of one process did so far. */
export interface VaultLoad {
  /** By writer: how much each sealed and stored. */
  written: number[]
  opened: number
  /** What went wrong, in words. */
  failures: string[]
  /** Ends it, once everything under way is done. */
  stop(): Promise<void>
}

/** Where writers of several processes put what they sealed. */
export const createLoadTable = (pool: Pool): Promise<unknown> =>
  pool.query('CREATE TABLE vault_load (id BIGSERIAL PRIMARY KEY, context TEXT NOT NULL, plain BYTEA NOT NULL, sealed BYTEA NOT NULL)')

/** Opens everything that is stored; gives how much, and what did not open. */
export async function openAll(pool: Pool, projectId: ProjectId): Promise<{ rows: number; failures: string[] }> {
  const { rows } = await pool.query('SELECT context, plain, sealed FROM vault_load')
  const failures: string[] = []
  for (const { context, plain, sealed } of rows) {
    const found = await open(projectId, context, sealed).catch((error: Error) => error)
    if (found instanceof Error || !found.equals(plain))
      failures.push(`${context}: ${found instanceof Error ? found.message : 'other words'}`)
  }
  return { rows: rows.length, failures }
}

/** Writers that seal and store, and readers that open what any process stored, until they are stopped. */
export function startVaultLoad(pool: Pool, projectId: ProjectId, tag: string, writers: number, readers: number): VaultLoad {
  let going = true
  const load = { written: Array.from({ length: writers }, () => 0), opened: 0, failures: [] as string[] }
  async function write(writer: number): Promise<void> {
    const context = `row/${tag}/${writer}/${load.written[writer]}`
    const plain = randomBytes(200)
    const sealed = await seal(projectId, context, plain)
    await pool.query('INSERT INTO vault_load (context, plain, sealed) VALUES ($1, $2, $3)', [context, plain, sealed])
    load.written[writer] = (load.written[writer] ?? 0) + 1
  }
  async function read(): Promise<void> {
    const { rows } = await pool.query(
      'SELECT context, plain, sealed FROM vault_load OFFSET floor(random() * (SELECT count(*) FROM vault_load)) LIMIT 1',
    )
    for (const { context, plain, sealed } of rows) {
      if (!(await open(projectId, context, sealed)).equals(plain)) throw new Error(`${context} opens to something else`)
      load.opened++
      // As a process that has just been started: what is cold is unwrapped again.
      if (load.opened % 10 === 0) forgetRing(projectId)
    }
  }
  const again = async (work: () => Promise<void>) => {
    while (going) await work().catch((error: Error) => load.failures.push(error.message))
  }
  const running = Promise.all([
    ...Array.from({ length: writers }, (_, writer) => again(() => write(writer))),
    ...Array.from({ length: readers }, () => again(read)),
  ])
  const stop = async () => {
    going = false
    await running
  }
  return Object.assign(load, { stop })
}
