import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { buildEvents, type Definition, definitionSchema, finalStatuses } from '@/server/builds/schema.ts'
import { requestBuild } from '@/server/builds/service.ts'
import { systemClock } from '@/server/core/clock.ts'
import { pool } from '@/server/core/db.ts'
import { env, parseEnv } from '@/server/core/env.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { makeInngest, sendEvent } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { workFolder } from '@/server/core/paths.ts'
import { register, registry } from '@/server/core/registry.ts'
import { startExecutor } from '@/server/embedded/executor/executor.ts'
import { makeFunctions } from '@/server/functions.ts'
import { noAi } from '@/server/testing/ai.ts'
import { makeBuild } from '@/server/testing/factories.ts'
import { type StreamWorld, streamWorld } from '@/server/testing/stream-world.ts'
import { until } from '@/server/testing/until.ts'

/** A server's part that runs builds, on the embedded database as it is shipped, in this process. */
export interface BuildWorld extends StreamWorld {
  /** Puts a plain build in the queue, as a person's request does. */
  request(definition: Definition): Promise<number>
  /** Resolves at the moment when a build is over; a hint of the hub says when to look. Throws where it did not succeed. */
  over(number: number): Promise<void>
  /** Stores a build whose event was never sent, and gives the function that sends it. */
  silent(definition: Definition): Promise<{ number: number; streamId: string; send(): Promise<void> }>
  /** When the first step of a build started, as its page shows it: milliseconds since the epoch, to the millisecond. */
  firstStep(number: number): Promise<number>
  /** Waits until all that was asked for is over and nothing is left to tidy up. */
  idle(): Promise<void>
}

/** A build of one stage with these scripts as its steps. */
export const scripts = (executor: 'process' | 'sandbox', ...runs: string[]): Definition =>
  definitionSchema.parse({ executor, stages: [{ name: 'Bench', steps: runs.map((run) => ({ name: run, run })) }] })

async function statusOf(projectId: string, number: number): Promise<string> {
  const { rows } = await pool().query({
    name: 'bench-status',
    text: `SELECT status::text AS status FROM "Build" WHERE "projectId" = $1 AND number = $2`,
    values: [projectId, number],
  })
  return rows[0]?.status ?? ''
}

async function firstStepOf(projectId: string, number: number): Promise<number> {
  const { rows } = await pool().query(
    `SELECT (extract(epoch FROM min(t."startedAt")) * 1000)::float8 AS at FROM "Step" t JOIN "Stage" s ON s.id = t."stageId"
     JOIN "Build" b ON b.id = s."buildId" WHERE b."projectId" = $1 AND b.number = $2`,
    [projectId, number],
  )
  return rows[0]?.at ?? Number.NaN
}

function whenOver(projectId: string, number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const status = await statusOf(projectId, number)
      if (!(finalStatuses as readonly string[]).includes(status)) return
      unsubscribe()
      if (status === 'SUCCESS') resolve()
      else reject(new Error(`build ${number} ended with ${status}`))
    }
    const hear = (hint: { number?: unknown }) => (hint.number ?? number) === number && void look().catch(reject)
    const unsubscribe = registry('hub').subscribe(projectTopic(projectId), hear)
    void look().catch(reject)
  })
}

/** Starts it with two executors. Plain processes are allowed, as an operator allows them who trusts what he builds. */
export async function buildWorld(): Promise<BuildWorld> {
  const world = await streamWorld()
  const { dataDir, projectId } = world
  Object.assign(env(), { MAESTRO_DATA_DIR: dataDir, MAESTRO_EXECUTORS: 2, MAESTRO_UNSAFE_EXECUTOR: true })
  const inngest = makeInngest(parseEnv({}))
  register({ inngest, embeddedExecutor: true, ai: noAi })
  const executor = await startExecutor({ pool: pool(), inngest, functions: makeFunctions(inngest), clock: systemClock, log: logger })
  const tidy = async () => (await readdir(workFolder(dataDir, 'workspaces'))).length === 0
  return {
    ...world,
    request: async (definition) => {
      const { number } = await requestBuild(projectId, { requestId: randomUUID(), kind: 'PIPELINE', cause: 'Bench', definition })
      return number
    },
    over: (number) => whenOver(projectId, number),
    firstStep: (number) => firstStepOf(projectId, number),
    async silent(definition) {
      const { id: buildId, number, streamId } = await makeBuild(projectId, { definition })
      const data = { projectId, buildId, number, kind: 'PIPELINE' }
      const event = { name: buildEvents.requested, id: `bench:${buildId}`, source: 'builds', correlationId: buildId, data }
      return { number, streamId, send: () => sendEvent(event) }
    },
    async idle() {
      await executor.idle()
      await until(tidy, { timeoutMs: 10_000, everyMs: 5, what: 'removed folders' })
    },
    async stop() {
      await executor.stop(5_000)
      await world.stop()
    },
  }
}
