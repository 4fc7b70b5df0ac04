// Gives a service of a running server a finished build with a long console: node --import tsx long-build.ts <data directory> <service> <lines>

import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { parseEnv } from '@/server/core/env.ts'
import { systemProjects } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register } from '@/server/core/registry.ts'
import { startPostgres } from '@/server/embedded/postgres/postgres.ts'
import { closeStream, openWriter } from '@/server/streams/service.ts'
import { openMasterKeys } from '@/server/vault/service.ts'
import { makeBuild } from './factories.ts'

const [dataDir = '', service = '', count = ''] = process.argv.slice(2)
const batch = 5_000

// The server's own database is found running and left running.
const postgres = await startPostgres(dataDir)
const { pool, db } = openDatabase(postgres.url)
const hub = await openPostgresHub(postgres.url)
const masterKeys = await openMasterKeys(parseEnv({ MAESTRO_DATA_DIR: dataDir }))
register({ pool, db, hub, clock: systemClock, masterKeys })

const [project] = await systemProjects(service)
if (!project) throw new Error(`there is no service ${service}`)
const startedAt = new Date(systemClock.now())
const { id, number, streamId } = await makeBuild(project.projectId, { status: 'RUNNING', startedAt })
const writer = openWriter(project.projectId, streamId)
for (let from = 1; from <= Number(count); from += batch) {
  const until = Math.min(Number(count), from + batch - 1)
  const lines = Array.from({ length: until - from + 1 }, (_, at) => `line ${from + at} \u001b[3${1 + (at % 6)}mof ${count}\u001b[0m\n`)
  writer.write('print', lines.join(''))
  await writer.ready()
}
await writer.close()
await closeStream(project.projectId, streamId)
const times = { status: 'SUCCESS' as const, startedAt, endedAt: new Date(systemClock.now()) }
const steps = { create: { key: 'print', name: 'print', exitCode: 0, ...times } }
await db.stage.create({ data: { buildId: id, key: 'print', name: 'print', position: 0, ...times, steps } })
await db.build.update({ where: { id }, data: times })
await hub.close()
await db.$disconnect()
await pool.end()
postgres.release()
process.stdout.write(String(number))
