import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Socket as ClientSocket, io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { GET as readArtifact } from '@/app/api/artifacts/[service]/[number]/[...name]/route.ts'
import { GET as readConsole } from '@/app/api/console/[service]/[number]/route.ts'
import { putArtifact } from '@/server/artifacts/service.ts'
import { actorFromId, type Caller } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { type AppSocketServer, makeSocketServer } from '@/server/core/sockets.ts'
import { createCallerFactory } from '@/server/core/trpc.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { appRouter } from '@/server/router.ts'
import { attachSockets } from '@/server/sockets.ts'
import * as streams from '@/server/streams/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject, makeSession, makeUser, unique } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { until } from '@/server/testing/until.ts'

let database: TestDatabase
let http: Server
let server: AppSocketServer
let objects: string
let base: string
const clients: ClientSocket[] = []
const createCaller = createCallerFactory(appRouter)

beforeAll(async () => {
  database = await testDatabase()
  objects = await mkdtemp(join(tmpdir(), 'maestro-objects-'))
  register({ ...testKeys(), hub: await openPostgresHub(database.url), objects: fileObjectStore(objects) })
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  server = makeSocketServer(http, base)
  attachSockets(server)
})
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect()
})
afterAll(async () => {
  await server.close()
  await registry('hub').close()
  await database.drop()
  await rm(objects, { recursive: true, force: true })
})

async function as(userId: string | null) {
  const actor = userId ? await actorFromId(userId) : null
  const caller: Caller = actor ? { actor, via: { kind: 'session', id: 's' } } : { actor: null, via: null }
  return createCaller({ caller, address: '192.0.2.1', userAgent: null, requestId: 'r' })
}

async function built() {
  const owner = await makeUser({ name: null })
  const project = await makeProject({ ownerId: owner.id })
  await database.db.service.create({ data: { projectId: project.id } })
  const build = await makeBuild(project.id, { cause: `Started by ${owner.email}`, createdById: owner.id, status: 'RUNNING' })
  const writer = streams.openWriter(project.projectId, build.streamId)
  writer.write('a', 'a line\n')
  await writer.close()
  const bytes = Buffer.from('an artifact')
  await putArtifact(project.projectId, { buildId: build.id, name: 'notes.txt', mediaType: 'text/plain', bytes, stageKey: null } as never)
  return { project, service: project.slug, owner, build }
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )
type Api = Awaited<ReturnType<typeof as>>
const reads = (api: Api, service: string, streamId: string): Record<string, () => Promise<unknown>> => ({
  project: () => api.projects.get({ service }),
  builds: () => api.builds.list({ service }),
  build: () => api.builds.get({ service, number: 1 }),
  service: () => api.deployments.service({ service }),
  artifacts: () => api.artifacts.list({ service, number: 1 }),
  artifact: () => api.artifacts.text({ service, number: 1, name: 'notes.txt' }),
  lines: () => api.streams.read({ service, streamId, from: 1, limit: 10 } as never),
})
const closedCalls = (api: Api, service: string): Record<string, () => Promise<unknown>> => ({
  start: () => api.builds.start({ service, requestId: randomUUID() }),
  abort: () => api.builds.abort({ service, number: 1 }),
  'start the service': () => api.deployments.start({ service }),
  'stop the service': () => api.deployments.stop({ service }),
  members: () => api.members.list({ service }),
  invitations: () => api.members.invitations({ service }),
  rename: () => api.projects.rename({ service, name: 'another-name' }),
  visibility: () => api.projects.setPublicRead({ service, publicRead: false }),
})

async function raw(service: string, cookie?: string) {
  const request = new Request(`${base}/`, cookie ? { headers: { cookie } } : {})
  const params = { service, number: '1' }
  const console = await readConsole(request, { params: Promise.resolve(params) })
  const artifact = await readArtifact(request, { params: Promise.resolve({ ...params, name: ['notes.txt'] }) })
  return { statuses: [console.status, artifact.status], texts: [await console.text(), await artifact.text()] }
}

describe('a private project', () => {
  it('is as unknown to strangers as one that does not exist', async () => {
    const { service, build } = await built()
    const stranger = await makeUser()
    for (const [userId, code, status] of [
      [null, 'UNAUTHORIZED', 401],
      [stranger.id, 'NOT_FOUND', 404],
    ] as const) {
      const api = await as(userId)
      const cookie = userId ? await makeSession(userId) : undefined
      for (const name of [service, unique('no-such')])
        for (const call of Object.values({ ...reads(api, name, build.streamId), ...closedCalls(api, name) }))
          expect(await codeOf(call())).toBe(code)
      const [known, unknown] = [await raw(service, cookie), await raw('no-such-service', cookie)]
      expect(known).toEqual(unknown)
      expect(known.statuses).toEqual([status, status])
    }
  })
})

describe('a public project', () => {
  it('is read by everybody and changed by nobody but its members', async () => {
    const { service, owner, build } = await built()
    await (await as(owner.id)).projects.setPublicRead({ service, publicRead: true })
    const stranger = await makeUser()
    for (const [userId, code] of [
      [null, 'UNAUTHORIZED'],
      [stranger.id, 'NOT_FOUND'],
    ] as const) {
      const api = await as(userId)
      for (const [name, call] of Object.entries(reads(api, service, build.streamId))) expect(await codeOf(call()), name).toBe('done')
      for (const [name, call] of Object.entries(closedCalls(api, service))) expect(await codeOf(call()), name).toBe(code)
      const { statuses, texts } = await raw(service, userId ? await makeSession(userId) : undefined)
      expect(statuses).toEqual([200, 200])
      expect(texts).toEqual(['a line\n', 'an artifact'])
    }
  })

  it('names no person to whoever is no member', async () => {
    const { service, owner } = await built()
    await (await as(owner.id)).projects.setPublicRead({ service, publicRead: true })
    const [mine, theirs] = [await as(owner.id), await as(null)]
    expect(await mine.builds.get({ service, number: 1 })).toMatchObject({ cause: `Started by ${owner.email}`, canAbort: true })
    const seen = [
      await theirs.builds.get({ service, number: 1 }),
      await theirs.builds.list({ service }),
      await theirs.projects.get({ service }),
    ]
    expect(seen[0]).toMatchObject({ cause: 'Started by a member', startedBy: null, canAbort: false })
    expect(seen[2]).toMatchObject({ role: 'PUBLIC', publicRead: true })
    expect(JSON.stringify(seen)).not.toContain(owner.email)
  })

  it('is made so by owners alone, and written down once', async () => {
    const { project, service, owner } = await built()
    for (const role of ['MAINTAINER', 'VIEWER'] as const) {
      const member = await makeUser()
      await database.db.membership.create({ data: { userId: member.id, projectId: project.id, role } })
      expect(await codeOf((await as(member.id)).projects.setPublicRead({ service, publicRead: true }))).toBe('FORBIDDEN')
    }
    const api = await as(owner.id)
    for (const publicRead of [true, true, false, false])
      expect(await api.projects.setPublicRead({ service, publicRead })).toEqual({ publicRead })
    const entries = await database.db.auditEntry.findMany({ where: { targetId: project.id }, orderBy: { id: 'asc' } })
    expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['project.made-public', owner.id],
      ['project.made-private', owner.id],
    ])
  })
})

describe('whoever watches', () => {
  // The next look by the clock comes a minute after they did: what ends them sooner is the change itself.
  const beforeNextLook = { timeoutMs: 30_000 }
  function connect(cookie?: string) {
    const client = io(base, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: cookie ? { cookie } : {} })
    clients.push(client)
    const hints: { kind?: string; number?: number }[] = []
    client.on('project:changed', (hint) => hints.push(hint))
    return { client, hints }
  }
  const tell = (projectId: string, number: number) => registry('hub').publish(projectTopic(projectId), { kind: 'build', number })

  it('a public project is cut off at once when it becomes private; members watch on', async () => {
    const { project, service, owner, build } = await built()
    const api = await as(owner.id)
    await api.projects.setPublicRead({ service, publicRead: true })
    const [anybody, reader, member] = [connect(), connect(), connect(await makeSession(owner.id))]
    for (const { client } of [anybody, member]) expect(await client.emitWithAck('project:watch', { service })).toEqual({ ok: true })
    for (const { client } of [reader, member])
      expect(await client.emitWithAck('stream:open', { service, streamId: build.streamId })).toHaveProperty('head')
    tell(project.id, 1)
    await until(() => anybody.hints.some(({ number }) => number === 1))

    await api.projects.setPublicRead({ service, publicRead: false })
    await until(() => reader.client.disconnected, beforeNextLook)
    await until(() => anybody.hints.some(({ kind }) => kind === 'project'), beforeNextLook)
    await until(async () => (await anybody.client.emitWithAck('project:watch', { service })).error?.code === 'UNAUTHENTICATED')
    let number = 100
    await until(() => {
      tell(project.id, ++number)
      return member.hints.some((hint) => (hint.number ?? 0) >= 100)
    })
    expect(anybody.hints.filter((hint) => (hint.number ?? 0) >= 100)).toEqual([])
    expect(member.client.connected).toBe(true)
  })

  it('is cut off when their membership ends', async () => {
    const { project, service, owner, build } = await built()
    const viewer = await makeUser()
    await database.db.membership.create({ data: { userId: viewer.id, projectId: project.id, role: 'VIEWER' } })
    const { client } = connect(await makeSession(viewer.id))
    expect(await client.emitWithAck('stream:open', { service, streamId: build.streamId })).toHaveProperty('head')
    await (await as(owner.id)).members.remove({ service, userId: viewer.id })
    await until(() => client.disconnected, beforeNextLook)
  })
})
