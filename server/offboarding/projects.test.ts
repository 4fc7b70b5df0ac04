import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { putArtifact } from '@/server/artifacts/service.ts'
import { makeBuildFunctions } from '@/server/builds/jobs.ts'
import { definitionSchema } from '@/server/builds/schema.ts'
import { requestBuild } from '@/server/builds/service.ts'
import { env, parseEnv } from '@/server/core/env.ts'
import { type Act, givenUpProjects, projectForActor, projectForReader, projectsForActor, systemProjects } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { workFolder } from '@/server/core/paths.ts'
import { register, registry } from '@/server/core/registry.ts'
import { supervisorsOf } from '@/server/deployments/launchers/supervised.ts'
import { adoptServices, deploy, probeServices, serviceView, stopAll, upstreamFor } from '@/server/deployments/service.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { silent } from '@/server/embedded/executor/fixture.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { noAi } from '@/server/testing/ai.ts'
import { breakSeals } from '@/server/testing/broken-seals.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeUser } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { writeTinyApp } from '@/server/testing/tiny-app.ts'
import { until } from '@/server/testing/until.ts'
import { seedRepository } from '@/server/worktrees/service.ts'
import { makeOffboardingFunctions } from './jobs.ts'
import { deleteProject, removeGivenUpProjects, removeProject } from './service.ts'

const dataDir = vi.hoisted(() => {
  const path = `/tmp/maestro-offboarding-${process.pid}-${Date.now()}`
  process.env.MAESTRO_DATA_DIR = path
  process.env.MAESTRO_UNSAFE_EXECUTOR = '1'
  return path
})

let database: TestDatabase
let executor: Executor
beforeAll(async () => {
  await mkdir(dataDir, { mode: 0o711 })
  database = await testDatabase()
  const client = makeInngest(parseEnv({}), silent)
  register({ ...testKeys(), hub: await openPostgresHub(database.url), inngest: client, embeddedExecutor: true })
  register({ ai: noAi, objects: fileObjectStore(join(dataDir, 'objects')) })
  const functions = [...makeBuildFunctions(client), ...makeOffboardingFunctions(client)]
  const times = { pollMs: 15, backoffMs: [1] }
  executor = await startExecutor({ pool: database.pool, inngest: client, functions, clock: registry('clock'), log: silent, ...times })
})
afterAll(async () => {
  await executor.stop()
  await stopAll(dataDir)
  await registry('hub').close()
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

type Made = Awaited<ReturnType<typeof makeProject>>
const actOf = ({ actorId }: Made): Act => ({ actorId, email: 'jo@x.test', address: null, userAgent: null, requestId: randomUUID() })
const gone = (project: Made) => until(async () => (await database.db.project.count({ where: { id: project.id } })) === 0)
/** Marks without having it removed, as a server that is killed right then does. */
const mark = (project: Made) => database.db.project.update({ where: { id: project.id }, data: { deletedAt: new Date() } })

/** A project with everything that a project can have: a running service, a build with its files, artifacts, lines and keys. */
async function furnished() {
  const project = await makeProject()
  const build = await makeBuild(project.id, { demoModel: true, status: 'SUCCESS' })
  const source = mkdtempSync(join(dataDir, 'source-'))
  await chmod(source, 0o755)
  await writeTinyApp(source)
  const run = { start: ['node', 'server.js'], healthPath: '/healthz', memoryMb: 256, env: {} }
  const gate = { startMs: 60_000, count: 2, intervalMs: 10, timeoutMs: 20_000 }
  const input = { buildId: build.id, sourceDir: source, run, monitoring: null }
  expect(await deploy(project.projectId, input, { deploy: gate, switch: gate })).toMatchObject({ status: 'HEALTHY' })
  await putArtifact(project.projectId, { buildId: build.id, name: 'report.txt', mediaType: 'text/plain', bytes: 'hello' })
  await seedRepository(build.id, [{ path: 'a.txt', content: 'a' }])
  const folders = [
    join(workFolder(dataDir, 'workspaces'), build.id),
    join(workFolder(dataDir, 'package-cache'), project.id),
    join(workFolder(dataDir, 'services'), project.slug),
    join(dataDir, 'work', build.id),
  ]
  for (const folder of folders.slice(0, 2)) await mkdir(folder, { recursive: true })
  await writeFile(join(folders[0] ?? '', 'left.txt'), 'left')
  const { objectKey } = await database.db.artifact.findFirstOrThrow({ where: { buildId: build.id } })
  const supervised = async () => (await supervisorsOf(dataDir)).length
  return { project, build, folders, objectKey, supervised }
}

const rowsOf = async (id: string) => {
  const where = { projectId: id }
  const { db } = database
  const counts = [db.build, db.artifact, db.stream, db.dataKey, db.deployment, db.service, db.membership].map((table) =>
    (table.count as (args: object) => Promise<number>)({ where }),
  )
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

describe('a project that is deleted', () => {
  it('goes also where nothing of it can be opened any more', async () => {
    const one = await furnished()
    await breakSeals(database.pool, one.project.id, 'a key of another master key')
    await deleteProject(actOf(one.project), one.project.projectId, one.project.slug)
    await gone(one.project)
    expect(await rowsOf(one.project.id)).toBe(0)
    expect(one.folders.filter((folder) => existsSync(folder))).toEqual([])
  })

  it('goes with its service, files, rows and keys; another one stays as it is', async () => {
    const [one, other] = [await furnished(), await furnished()]
    const { project } = one
    expect([...one.folders, ...other.folders].every((folder) => existsSync(folder))).toBe(true)
    expect(await one.supervised()).toBe(2)
    await deleteProject(actOf(project), project.projectId, ` ${project.slug.toUpperCase()} `)
    await gone(project)
    expect(one.folders.filter((folder) => existsSync(folder))).toEqual([])
    expect(await registry('objects').get(one.objectKey)).toBeNull()
    expect(await rowsOf(project.id)).toBe(0)
    expect(await one.supervised()).toBe(1)
    expect(other.folders.filter((folder) => !existsSync(folder))).toEqual([])
    expect(await registry('objects').get(other.objectKey)).not.toBeNull()
    expect(await serviceView(other.project.projectId)).toMatchObject({ state: 'UP' })
    expect(await database.db.auditEntry.findMany({ where: { targetId: project.id } })).toMatchObject([
      { action: 'project.deleted', targetLabel: project.slug, actorEmail: 'jo@x.test' },
    ])
    // The name is free again, and what is said once more of the old project does nothing to the new one.
    const next = await makeProject({ slug: project.slug })
    await removeProject(project.projectId)
    expect(await database.db.project.count({ where: { id: next.id } })).toBe(1)
  })

  it('is closed to everybody from the moment it is given up', async () => {
    const project = await makeProject({ publicRead: true })
    const caller = { actor: null, via: null } as const
    expect(await projectForReader(caller, project.slug)).toMatchObject({ role: 'PUBLIC' })
    await mark(project)
    await expect(projectForReader(caller, project.slug)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(projectForActor(project.actorId, project.slug)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await projectsForActor(project.actorId)).toEqual([])
    expect(await systemProjects(project.slug)).toEqual([])
    expect(await upstreamFor(project.slug)).toMatchObject({ state: null })
    await expect(serviceView(project.projectId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const input = { requestId: randomUUID(), kind: 'PIPELINE', cause: 'late' } as const
    await expect(requestBuild(project.projectId, input)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await givenUpProjects(project.id)).toEqual([{ projectId: project.id, service: project.slug }])
    await removeGivenUpProjects()
    expect(await rowsOf(project.id)).toBe(0)
  })

  it('needs its name typed, and is deleted once', async () => {
    const project = await makeProject()
    const wrong = { code: 'BAD_REQUEST', field: 'confirm', key: 'confirmProject', values: { service: project.slug } }
    for (const typed of ['', 'yes', `${project.slug}x`])
      await expect(deleteProject(actOf(project), project.projectId, typed)).rejects.toMatchObject(wrong)
    const twice = [1, 2, 3].map(() => deleteProject(actOf(project), project.projectId, project.slug))
    const ends = await Promise.allSettled(twice)
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'NOT_FOUND' })
    expect(await database.db.auditEntry.count({ where: { targetId: project.id } })).toBe(1)
    await gone(project)
    await expect(deleteProject(actOf(project), project.projectId, project.slug)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('ends the build that is at work', async () => {
    const project = await makeProject()
    const step = { name: 'wait', run: 'echo begun; sleep 60; echo never' }
    const definition = definitionSchema.parse({ executor: 'process', stages: [{ name: 'Long', steps: [step] }] })
    const { buildId } = await requestBuild(project.projectId, { requestId: randomUUID(), kind: 'PIPELINE', cause: 'test', definition })
    await until(async () => (await database.db.step.count({ where: { status: 'RUNNING', stage: { buildId } } })) > 0)
    await deleteProject(actOf(project), project.projectId, project.slug)
    await gone(project)
    expect(existsSync(join(workFolder(dataDir, 'workspaces'), buildId))).toBe(false)
    const idle = async () => (await database.pool.query(`SELECT 1 FROM executor_run WHERE status = 'running'`)).rowCount === 0
    await until(idle, { what: 'the end of every run' })
  })
})

describe('a removal that is cut off', () => {
  it('is carried through by the next start, wherever it stopped', async () => {
    const { project, folders, objectKey, supervised } = await furnished()
    const before = await supervised()
    await mark(project)
    // A new life of the server takes nothing of it into use again.
    await Promise.all([adoptServices(), probeServices()])
    const store = registry('objects')
    const broken = { ...store, delete: () => Promise.reject(new Error('killed')) }
    register({ objects: broken })
    expect(await removeGivenUpProjects()).toBe(0)
    expect(await database.db.project.count({ where: { id: project.id } })).toBe(1)
    expect(await supervised()).toBe(before - 1)
    register({ objects: store })
    expect(await removeGivenUpProjects()).toBe(1)
    expect(folders.filter((folder) => existsSync(folder))).toEqual([])
    expect(await store.get(objectKey)).toBeNull()
    expect(await rowsOf(project.id)).toBe(0)
    expect(await removeGivenUpProjects()).toBe(0)
  })

  it('may be done by several at once', async () => {
    const { project } = await furnished()
    await mark(project)
    await Promise.all([removeProject(project.projectId), removeProject(project.projectId), removeGivenUpProjects()])
    expect(await database.db.project.count({ where: { id: project.id } })).toBe(0)
  })

  it('leaves alone what was not given up', async () => {
    const project = await makeProject({ ownerId: (await makeUser()).id })
    await removeProject(project.projectId)
    expect(await database.db.project.count({ where: { id: project.id } })).toBe(1)
    expect(env().MAESTRO_DATA_DIR).toBe(dataDir)
  })
})
