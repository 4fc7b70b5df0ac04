import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { inject } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import type { PrismaClient } from '@/server/core/generated/prisma/client.ts'
import { register } from '@/server/core/registry.ts'
import { testKeys } from './keys.ts'
import { databaseUrl, execute } from './scratch-postgres.ts'

/** A database of a test file's own, with every migration applied and no rows. */
export interface TestDatabase {
  url: string
  pool: Pool
  db: PrismaClient
  /** Closes the connections and removes the database. */
  drop(): Promise<void>
}

/** Makes an empty database on the run's PostgreSQL, without any table. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return createDatabase('template1')
}

async function createDatabase(template: string): Promise<{ url: string; drop(): Promise<void> }> {
  const { url } = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  await execute(url, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  return { url: databaseUrl(url, name), drop: () => execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/**
 * Makes a database as a copy of the migrated template (some 50 ms) and registers `pool`, `db`, `clock` and the keys of a vault, so that
 * `data.ts` files use it and what they seal opens. Call it in `beforeAll` and `drop` in `afterAll`.
 */
export async function testDatabase({ maxConnections = 8 } = {}): Promise<TestDatabase> {
  const made = await createDatabase(inject('postgres').template)
  const { pool, db } = openDatabase(made.url, maxConnections)
  register({ pool, db, clock: systemClock, ...testKeys() })
  const drop = async () => {
    await db.$disconnect()
    await pool.end()
    await made.drop()
  }
  return { url: made.url, pool, db, drop }
}
