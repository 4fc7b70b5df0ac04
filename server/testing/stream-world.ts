import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { migrate } from '@/server/core/migrations.ts'
import { register } from '@/server/core/registry.ts'
import { startPostgres } from '@/server/embedded/postgres/postgres.ts'
import { makeProject } from './factories.ts'
import { testKeys } from './keys.ts'

/** What a measurement of streams stands on: the embedded database as it is shipped, flushing to disk, and one project. */
export interface StreamWorld {
  dataDir: string
  databaseUrl: string
  projectId: ProjectId
  service: string
  actorId: string
  stop(): Promise<void>
}

/** Starts a database in a folder of its own and registers what a server has. */
export async function streamWorld(): Promise<StreamWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-bench-'))
  await chmod(dataDir, 0o711)
  const postgres = await startPostgres(dataDir)
  await migrate(postgres.url, process.cwd())
  const { pool, db } = openDatabase(postgres.url)
  const hub = await openPostgresHub(postgres.url)
  register({ pool, db, hub, clock: systemClock, ...testKeys() })
  const { projectId, slug, actorId } = await makeProject()
  return {
    ...{ dataDir, databaseUrl: postgres.url, projectId, service: slug, actorId },
    async stop() {
      await hub.close()
      await db.$disconnect()
      await pool.end()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
