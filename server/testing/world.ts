import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { artifactText } from '@/server/artifacts/service.ts'
import type { BuildStatus, BuildView } from '@/server/builds/schema.ts'
import { buildView, requestBuild } from '@/server/builds/service.ts'
import { type Clock, systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { env, parseEnv } from '@/server/core/env.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { makeLive } from '@/server/core/live.ts'
import { directoryHash } from '@/server/core/paths.ts'
import { register, registry } from '@/server/core/registry.ts'
import { unixRequest } from '@/server/core/unix-http.ts'
import { createFromIssue } from '@/server/crews/service.ts'
import { adoptServices, serviceView, stopAll, upstreamFor } from '@/server/deployments/service.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { makeFunctions } from '@/server/functions.ts'
import { flushWriters, rawStream } from '@/server/streams/service.ts'
import { loadPlatformSecret, openMasterKeys } from '@/server/vault/service.ts'
import { testAi } from './ai.ts'
import { asActor, asProject, makeUser } from './factories.ts'
import { until } from './until.ts'

export interface WorldOptions {
  /** A migrated database; the world closes its own connections and leaves the database to whoever made it. */
  url: string
  /** A data directory of somebody else, left as it is; without it the world has one of its own, which is gone afterwards. */
  dataDir?: string
  /** Where the Messages API is; an AI server of this process stands before it. */
  model: { baseUrl: string; apiKey: string; demo: boolean }
  /** Pauses of a second or more are this many times shorter (50): probes of a new version need not take their ten seconds. */
  haste?: number
  /** Milliseconds until a job of a dead process is taken by another. */
  leaseMs?: number
}

/** Everything a server has but its pages and its port. */
export interface World {
  dataDir: string
  actorId: ActorId
  /** Makes a project of an issue and starts the crew. */
  fromIssue(issue: { title: string; body?: string }): Promise<WorldProject>
  executor: Executor
  /** All that the executor's tables hold, as one text. */
  executorText(): Promise<string>
  /** Processes that builds of this machine left running under a build's id. */
  leftovers(buildId: string): Promise<number>
  stop(): Promise<void>
}

/** One project of a world and its builds. */
export interface WorldProject {
  projectId: ProjectId
  slug: string
  /** Starts another build of the crew and gives its number. */
  build(budgetMicros?: number): Promise<number>
  view(number: number): Promise<BuildView>
  buildId(number: number): Promise<string>
  /** Whether a step is at work. */
  stepRuns(number: number, stage: string, key: string): Promise<boolean>
  /** Waits until a build is over. */
  final(number: number, timeoutMs?: number): Promise<BuildView>
  console(number: number): Promise<string>
  artifact(number: number, name: string): Promise<string>
  /** Asks the deployed app. */
  ask(path: string, method?: string, body?: unknown): Promise<{ status: number; text: string }>
  service(): ReturnType<typeof serviceView>
}

const silent = pino({ level: 'silent' })

/** A clock on which long pauses pass quickly; time itself goes on as it is. */
export const hastyClock = (haste: number): Clock => ({
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms >= 1_000 ? ms / haste : ms, signal),
})

async function textOfStream(projectId: ProjectId, streamId: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of rawStream(projectId, streamId)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function appAnswer(slug: string, path: string, method: string, body: unknown) {
  const { socketPath } = await upstreamFor(slug)
  const json = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }
  const { status, text } = await unixRequest({ socketPath, path, method, ...json })
  return { status, text }
}

/** The project of a service, as far as it can be watched from any process that has the database. */
export async function findProject(slug: string): Promise<WorldProject> {
  const { id } = await registry('db').project.findUniqueOrThrow({ where: { slug }, select: { id: true } })
  return projectOf(await asProject(id), slug)
}

function projectOf(projectId: ProjectId, slug: string): WorldProject {
  const view = (number: number) => buildView(projectId, number, 'OWNER')
  return {
    projectId,
    slug,
    view,
    build: async (budgetMicros) => {
      const requestId = randomUUID()
      return (await requestBuild(projectId, { requestId, kind: 'CREW', cause: 'test', ...(budgetMicros ? { budgetMicros } : {}) })).number
    },
    buildId: async (number) => (await registry('db').build.findFirstOrThrow({ where: { projectId, number }, select: { id: true } })).id,
    stepRuns: async (number, stage, key) => {
      const where = { key, status: 'RUNNING' as const, stage: { key: stage, build: { projectId, number } } }
      return (await registry('db').step.count({ where })) > 0
    },
    async final(number, timeoutMs = 180_000) {
      const where = { projectId, number, status: { notIn: ['QUEUED', 'RUNNING'] as BuildStatus[] } }
      // A page is dear to ask for again and again; whether the build is over is not.
      const isOver = async () => (await registry('db').build.count({ where })) > 0
      await until(isOver, { timeoutMs, everyMs: 50, what: `the end of build ${number} of ${slug}` })
      return view(number)
    },
    console: async (number) => textOfStream(projectId, (await view(number)).streamId),
    artifact: async (number, name) => (await artifactText(projectId, number, name)).text ?? '',
    ask: (path, method = 'GET', body) => appAnswer(slug, path, method, body),
    service: () => serviceView(projectId),
  }
}

async function marked(buildId: string): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => (await readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0))).includes(`MAESTRO_STEP=${buildId}/`)),
  )
  return found.filter(Boolean).length
}

/** Fills the registry as a server does. The environment is read once a process, so its values are set where they are kept. */
async function furnish({ url, model, haste = 50 }: WorldOptions, dataDir: string) {
  Object.assign(env(), { MAESTRO_DATA_DIR: dataDir })
  const { pool, db } = openDatabase(url)
  const hub = await openPostgresHub(url)
  const inngest = makeInngest(parseEnv({}), silent)
  const masterKeys = await openMasterKeys(parseEnv({ MAESTRO_DATA_DIR: dataDir }))
  const objects = fileObjectStore(join(dataDir, 'objects'))
  const clock = hastyClock(haste)
  const { ai, stop: stopAi } = await testAi({ ...model, clock })
  register({ pool, db, hub, inngest, ai, masterKeys, objects, clock, live: makeLive(), embeddedExecutor: true })
  register({ platformSecret: await loadPlatformSecret() })
  return { pool, db, hub, inngest, stopAi }
}

async function ownDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'maestro-world-'))
  // Root hands commands to a user without rights, who has to get to their folders.
  await chmod(dataDir, 0o711)
  return dataDir
}

async function removeDataDir(dataDir: string): Promise<void> {
  await stopAll(dataDir)
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  await rm(join(tmpdir(), `maestro-${directoryHash(dataDir)}`), { recursive: true, force: true })
}

/** Starts a server without pages: real database, real executor, real sandboxes; only the model's words are given. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const dataDir = options.dataDir ?? (await ownDataDir())
  const { pool, db, hub, inngest, stopAi } = await furnish(options, dataDir)
  const functions = makeFunctions(inngest)
  const times = { leaseMs: options.leaseMs ?? 10_000, pollMs: 150, backoffMs: [20] }
  const executor = await startExecutor({ pool, inngest, functions, clock: systemClock, log: silent, ...times })
  await adoptServices()
  const actorId = await asActor((await makeUser()).id)
  return {
    dataDir,
    actorId,
    executor,
    async fromIssue({ title, body = '' }) {
      const { service } = await createFromIssue(actorId, { requestId: randomUUID(), source: { type: 'text', title, body } })
      return findProject(service)
    },
    async executorText() {
      const tables = ['executor_run', 'executor_step', 'executor_job']
      const rows = await Promise.all(tables.map((table) => pool.query(`SELECT row_to_json(t)::text AS row FROM ${table} t`)))
      return rows.flatMap((result) => result.rows.map(({ row }) => row)).join('\n')
    },
    leftovers: marked,
    async stop() {
      await executor.stop(5_000)
      await stopAi()
      await flushWriters()
      if (!options.dataDir) await removeDataDir(dataDir)
      await hub.close()
      await db.$disconnect()
      await pool.end()
    },
  }
}
