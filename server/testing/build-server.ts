// A process that runs plain builds, for tests that kill it and benchmarks that time it: node --import tsx build-server.ts <database url> <master key, hex>
import { randomUUID } from 'node:crypto'
import { makeBuildFunctions } from '@/server/builds/jobs.ts'
import { definitionSchema, finalStatuses } from '@/server/builds/schema.ts'
import { requestBuild } from '@/server/builds/service.ts'
import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { parseEnv } from '@/server/core/env.ts'
import { type ProjectId, systemProjects } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { register } from '@/server/core/registry.ts'
import { startExecutor } from '@/server/embedded/executor/executor.ts'

const [url = '', key = ''] = process.argv.slice(2)
const { pool, db } = openDatabase(url)
const client = makeInngest(parseEnv({}))
register({ pool, db, clock: systemClock, hub: await openPostgresHub(url), masterKey: Buffer.from(key, 'hex'), inngest: client })
register({ model: { baseUrl: 'http://127.0.0.1:1', apiKey: 'none', demo: true } })
const functions = makeBuildFunctions(client)
await startExecutor({ pool, inngest: client, functions, clock: systemClock, log: logger, leaseMs: 1_500, pollMs: 15, backoffMs: [1] })
process.send?.('ready')

/** An order of a benchmark: so many builds of five steps that do nothing, all asked for at once. */
export interface BuildOrder {
  builds: number
  executor: 'process' | 'sandbox'
}

async function untilEnded(ids: string[]): Promise<void> {
  const where = { id: { in: ids }, status: { notIn: [...finalStatuses] } }
  while ((await db.build.count({ where })) > 0) await systemClock.sleep(2)
  const red = await db.build.count({ where: { id: { in: ids }, status: { not: 'SUCCESS' } } })
  if (red > 0) throw new Error(`${red} builds did not succeed`)
}

async function timeBuilds(projectId: ProjectId, { builds, executor }: BuildOrder): Promise<number> {
  const steps = Array.from({ length: 5 }, (_, at) => ({ name: `step ${at + 1}`, run: 'true' }))
  const definition = definitionSchema.parse({ executor, stages: [{ name: 'Five steps', steps }] })
  const startedAt = performance.now()
  const ask = () => requestBuild(projectId, { requestId: randomUUID(), kind: 'PIPELINE', cause: 'bench', definition })
  const asked = await Promise.all(Array.from({ length: builds }, ask))
  await untilEnded(asked.map((build) => build.buildId))
  return performance.now() - startedAt
}

process.on('message', async (order: BuildOrder) => {
  const [project] = await systemProjects()
  if (project) process.send?.(await timeBuilds(project.projectId, order))
})
process.on('disconnect', () => process.exit(0))
