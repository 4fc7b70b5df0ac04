import { expect, test } from 'vitest'
import { emptyDatabase, testDatabase } from '@/server/testing/database.ts'
import { migrate, pendingMigration, readMigrations } from './migrations.ts'

const root = process.cwd()

test('the migrations and the schema agree', async () => {
  const empty = await emptyDatabase()
  try {
    expect(await pendingMigration(empty.url, root), 'run: npm run db:migration -- <name>').toBe('')
  } finally {
    await empty.drop()
  }
})

test('of several starters one applies the migrations and the others wait for it', async () => {
  const empty = await emptyDatabase()
  try {
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(empty.url, root)))
    const names = (await readMigrations(root)).migrationDirectories.map(({ path }) => path)
    expect(applied.flat().sort()).toEqual(names)
    expect(await migrate(empty.url, root)).toEqual([])
  } finally {
    await empty.drop()
  }
})

test('a test file has a migrated database of its own', async () => {
  const { db, drop } = await testDatabase()
  expect(await db.user.count()).toBe(0)
  await drop()
})

test('a database that cannot be migrated is told in words', async () => {
  const { url, pool, drop } = await testDatabase()
  await pool.query('DROP TABLE _prisma_migrations')
  await expect(migrate(url, root)).rejects.toThrow(/migrations could not be applied/)
  await drop()
})
