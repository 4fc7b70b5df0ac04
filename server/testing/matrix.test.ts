import { readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import superjson from 'superjson'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as rest from '@/app/api/rest/[...path]/route.ts'
import * as trpc from '@/app/api/trpc/[trpc]/route.ts'
import { parseEnv } from '@/server/core/env.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { connectInngest, makeInngest } from '@/server/core/inngest.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { register, registry } from '@/server/core/registry.ts'
import { makeSocketServer } from '@/server/core/sockets.ts'
import { appRouter } from '@/server/router.ts'
import { attachSockets } from '@/server/sockets.ts'
import { noAi } from './ai.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { testKeys } from './keys.ts'
import { type Access, gateKeys, refusalFor } from './matrix/access.ts'
import { type Knock, knockOf, type Persona, personas } from './matrix/people.ts'
import { expected, expectedEvents, expectedRoutes } from './matrix/procedures.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
interface Known {
  type: 'query' | 'mutation'
  openapi: { method: Method; path: string } | undefined
}
interface Outcome {
  status: number
  /** The gate's refusal, or null where the gate let it pass. */
  refusal: string | null
  code: string | null
}

const base = 'http://localhost:3000'
const nobodys = '00000000-0000-4000-8000-000000000000'
const router = (
  appRouter as unknown as {
    _def: { procedures: Record<string, { _def: { type: 'query' | 'mutation'; meta?: { openapi?: Known['openapi'] } } }> }
  }
)._def
const procedures = new Map<string, Known>(
  Object.entries(router.procedures).map(([path, { _def }]) => [path, { type: _def.type, openapi: _def.meta?.openapi }]),
)

let database: TestDatabase
let http: Server
let address: string

beforeAll(async () => {
  database = await testDatabase({ maxConnections: 10 })
  const objects = { put: async () => undefined, get: async () => null, delete: async () => undefined }
  const from = parseEnv({})
  const inngest = makeInngest(from)
  // Events are taken in and nothing runs: what is asked here is who may ask.
  connectInngest(inngest, async () => Response.json({ ids: ['taken'], status: 200 }))
  register({ hub: await openPostgresHub(database.url), inngest, embeddedExecutor: true, objects, checks: {} })
  register({
    identity: null,
    ai: noAi,
    mailbox: null,
    mail: { url: 'smtp://127.0.0.1:9', from: 'maestro@localhost' },
    ...testKeys(Buffer.alloc(32, 1)),
  })
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterAll(async () => {
  await registry('sockets').close()
  await registry('hub').close()
  await database.drop()
})

const neededScope = (access: Access, type: 'query' | 'mutation') => (access === 'admin' ? 'admin' : type === 'query' ? 'read' : 'write')

async function overTrpc(path: string, { type }: Known, { headers, service }: Knock): Promise<Outcome> {
  const input = JSON.stringify(superjson.serialize({ service }))
  const request =
    type === 'query'
      ? new Request(`${base}/api/trpc/${path}?input=${encodeURIComponent(input)}`, { headers })
      : new Request(`${base}/api/trpc/${path}`, {
          method: 'POST',
          body: input,
          headers: { ...headers, 'content-type': 'application/json' },
        })
  const answer = await (type === 'query' ? trpc.GET : trpc.POST)(request)
  const told = ((await answer.json()) as { error?: { json: { data: { error: { code: string; key?: string } } } } }).error?.json.data.error
  const refusal = told?.key !== undefined && gateKeys.has(told.key) ? told.key : null
  return { status: answer.status, refusal, code: told?.code ?? null }
}

async function overRest({ openapi }: Known, { headers, service }: Knock): Promise<Outcome> {
  if (!openapi) throw new Error('there is no REST twin')
  const { method } = openapi
  const path = openapi.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'service' ? service : '00000000-0000-4000-8000-000000000000',
  )
  const url = new URL(`/api/rest${path}`, base)
  const withBody = method !== 'GET' && method !== 'DELETE'
  if (!withBody && !path.includes(service)) url.searchParams.set('service', service)
  const body = withBody ? JSON.stringify({ service }) : null
  const request = new Request(url, {
    method,
    body,
    headers: { ...headers, origin: base, ...(body ? { 'content-type': 'application/json' } : {}) },
  })
  const answer = await rest[method](request)
  const told =
    answer.status < 400
      ? null
      : ((await answer.json()) as { success: boolean; error_code: string; message: string; details: { key?: string } | null })
  if (told) expect(told).toMatchObject({ success: false, message: expect.any(String) })
  return { status: answer.status, refusal: null, code: told?.error_code ?? null }
}

/** The code that belongs to each gate's refusal. */
const codes: Record<string, string> = {
  ...{ signInFirst: 'UNAUTHENTICATED', tokenExpired: 'UNAUTHENTICATED', tokenUnknown: 'UNAUTHENTICATED', noService: 'NOT_FOUND' },
  ...{
    suspended: 'FORBIDDEN',
    tokenScope: 'FORBIDDEN',
    noTokens: 'FORBIDDEN',
    notInBeta: 'FORBIDDEN',
    adminsOnly: 'FORBIDDEN',
    needsRole: 'FORBIDDEN',
  },
}

describe('every procedure', () => {
  it('stands in the list, and the list names nothing else', () => {
    expect([...procedures.keys()].sort()).toEqual(Object.keys(expected).sort())
  })

  it('has a REST twin of its own', () => {
    const twins = [...procedures].map(([path, { openapi }]) => (openapi ? `${openapi.method} ${openapi.path}` : `${path} has none`))
    expect(twins.filter((twin) => twin.endsWith('none'))).toEqual([])
    expect(new Set(twins).size).toBe(twins.length)
  })

  it.each(Object.entries(expected))('%s (%s) lets in whom it should, and tells the others why not', async (path, access) => {
    const known = procedures.get(path)
    if (!known) throw new Error(`there is no procedure ${path}`)
    const cases: [Persona, boolean][] = personas.map((persona) => [persona, false])
    if (access === 'reader') cases.push(...personas.map((persona): [Persona, boolean] => [persona, true]))
    for (const [persona, publicRead] of cases) {
      const wanted = refusalFor(access, persona, publicRead)
      const what = `${persona}${publicRead ? ', public' : ''}`
      const needed = neededScope(access, known.type)
      const called = await overTrpc(path, known, await knockOf(persona, needed, publicRead))
      expect({ what, refusal: called.refusal }).toEqual({ what, refusal: wanted })
      if (wanted) expect({ what, code: called.code }).toEqual({ what, code: codes[wanted] })
      expect({ what, code: called.code }).not.toEqual({ what, code: 'INTERNAL' })
      const twin = await overRest(known, await knockOf(persona, needed, publicRead))
      if (wanted) expect({ what, code: twin.code }).toEqual({ what, code: codes[wanted] })
      else expect(['INTERNAL', 'UNAUTHENTICATED', 'FORBIDDEN']).not.toContain(twin.code)
    }
  })
})

describe('every event of a socket', () => {
  it('stands in the list, and lets in whom it should', async () => {
    const server = makeSocketServer(http, address)
    register({ sockets: server as never })
    attachSockets(server)
    const events = new Set<string>()
    server.on('connection', (socket) => {
      for (const name of socket.eventNames()) if (name !== 'disconnect' && name !== 'error') events.add(String(name))
    })
    for (const persona of personas) {
      for (const publicRead of [false, true]) {
        const knock = await knockOf(persona, 'read', publicRead)
        const stream = await database.db.stream.create({ data: { projectId: knock.projectId, kind: 'build' } })
        const client = io(address, { transports: ['websocket'], forceNew: true, extraHeaders: { origin: address, ...knock.headers } })
        const connected = await new Promise<boolean>((resolve) =>
          client.on('connect', () => resolve(true)).on('connect_error', () => resolve(false)),
        )
        expect({ persona, connected }).toEqual({ persona, connected: persona !== 'suspended' })
        for (const [name, access] of Object.entries(expectedEvents)) {
          if (!connected || access === 'harmless') continue
          const asked = { service: knock.service, streamId: stream.id, sessionId: nobodys, cols: 80, rows: 24 }
          const answer = (await client.emitWithAck(name, asked)) as { error?: { code: string } }
          // Tokens open no socket: with one, somebody is as unknown as without.
          const known = persona.includes('token') ? 'anonymous' : persona
          const wanted = refusalFor(access, known, publicRead)
          // Behind the gate there is no such conversation.
          const told = !wanted && access === 'beta' && answer.error?.code === 'NOT_FOUND' ? null : (answer.error?.code ?? null)
          expect({ persona, publicRead, name, code: told }).toEqual({
            persona,
            publicRead,
            name,
            code: wanted && codes[wanted],
          })
        }
        client.disconnect()
      }
    }
    expect([...events].sort()).toEqual(Object.keys(expectedEvents).sort())
  })
})

describe('every raw route', () => {
  const routes = readdirSync(join(projectRoot(), 'app', 'api'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('route.ts'))
    .map((file) => file.slice(0, -'/route.ts'.length))

  it('stands in the list', () => {
    expect(routes.sort()).toEqual(Object.keys(expectedRoutes).sort())
  })

  it.each(Object.entries(expectedRoutes).filter(([, access]) => access !== 'open'))(
    '%s (%s) lets in whom it should',
    async (route, access) => {
      const handlers = (await import(join(projectRoot(), 'app', 'api', route, 'route.ts'))) as {
        GET: (request: Request, context: unknown) => Promise<Response>
      }
      for (const persona of personas) {
        for (const publicRead of access === 'reader' ? [false, true] : [false]) {
          const { headers, service } = await knockOf(persona, access === 'admin' ? 'admin' : 'read', publicRead)
          const params = Promise.resolve({ service, number: '1', name: ['specification.md'], id: nobodys })
          const answer = await handlers.GET(new Request(`${base}/api/x`, { headers }), { params })
          const told = answer.ok ? null : ((await answer.json()) as { error_code: string }).error_code
          const wanted = refusalFor(access as Access, persona, publicRead)
          // Behind the gate there is no such build: the gate's own refusals are told apart by their codes alone.
          const code = wanted ? codes[wanted] : told === 'NOT_FOUND' ? 'NOT_FOUND' : null
          expect({ persona, publicRead, code: told }).toEqual({ persona, publicRead, code })
        }
      }
    },
  )
})
