// Writes what prisma/schema has over prisma/migrations as a new migration: npm run db:migration -- <name>
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pendingMigration } from '@/server/core/migrations.ts'
import { scratchPostgres } from './scratch-postgres.ts'

const name = process.argv[2] ?? ''
if (!/^[a-z][a-z0-9_]{1,60}$/.test(name)) {
  console.error('A migration needs a name of lower-case letters, digits and underscores: npm run db:migration -- add_releases')
  process.exit(2)
}
const root = process.cwd()
const postgres = await scratchPostgres()
try {
  const sql = await pendingMigration(postgres.url, root)
  if (sql) {
    const folder = join(root, 'prisma', 'migrations', `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'migration.sql'), sql)
    console.log(join(folder, 'migration.sql'))
  } else console.log('Schema and migrations agree: there is nothing to write.')
} finally {
  await postgres.stop()
}
