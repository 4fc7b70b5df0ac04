import type { BrowserContext } from '@playwright/test'
import { io, type Socket } from 'socket.io-client'
import { call } from './operator.ts'
import { expect, test } from './people.ts'
import { baseURL } from './place.ts'

const cookieOf = async (context: BrowserContext) => (await context.cookies(baseURL)).map(({ name, value }) => `${name}=${value}`).join('; ')

/** A socket as a page of ours opens it, or as one of another origin does. */
async function connect(cookie: string, origin = baseURL): Promise<{ socket: Socket; refusal: string | null }> {
  const { port } = new URL(baseURL)
  const extraHeaders = { cookie, origin, host: `localhost:${port}` }
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], extraHeaders, reconnection: false, forceNew: true })
  const refusal = await new Promise<string | null>((resolve) => {
    socket.on('connect', () => resolve(null))
    socket.on('connect_error', (error) => resolve((error as Error & { data?: { code?: string } }).data?.code ?? error.message))
  })
  return { socket, refusal }
}

test("somebody else's project is not there: pages, downloads, calls and mutations", async ({ as, built }) => {
  const { service, build } = built
  const view = (await call('builds.get', { service, number: build })) as { streamId: string; artifacts: { name: string }[] }
  const { title } = (await call('projects.get', { service })) as { title: string }
  const page = await as('Sam Rivers')
  for (const path of [`/${service}`, `/${service}/builds/${build}`]) {
    await page.goto(path)
    await expect(page.getByText('There is nothing here')).toBeVisible()
    expect(await page.content()).not.toContain(title)
  }
  const artifact = view.artifacts[0]?.name ?? ''
  expect(artifact).not.toBe('')
  const downloads = [`/api/console/${service}/${build}`, `/api/artifacts/${service}/${build}/${artifact}`]
  for (const path of downloads) expect((await page.request.get(path)).status(), path).toBe(404)

  const { streamId } = view
  const reads = {
    'projects.get': {},
    'builds.get': { number: build },
    'builds.list': {},
    'deployments.service': {},
    'streams.read': { streamId },
  }
  for (const [path, input] of Object.entries(reads)) {
    const json = encodeURIComponent(JSON.stringify({ json: { service, ...input } }))
    expect((await page.request.get(`/api/trpc/${path}?input=${json}`)).status(), path).toBe(404)
  }
  const origin = baseURL
  const writes = {
    'builds.start': { requestId: '00000000-0000-4000-8000-0000000000aa' },
    'builds.abort': { number: build },
    'deployments.stop': {},
  }
  for (const [path, input] of Object.entries(writes)) {
    const data = { json: { service, ...input } }
    expect((await page.request.post(`/api/trpc/${path}`, { data, headers: { origin } })).status(), path).toBe(404)
  }

  const owner = await as('Ada Admin')
  for (const path of downloads) expect((await owner.request.get(path)).status(), path).toBe(200)
  const nobody = await as(null)
  for (const path of downloads) expect((await nobody.request.get(path)).status(), path).toBe(401)
})

test('sockets tell of nothing but what is yours', async ({ as, built }) => {
  const { service, build } = built
  const { streamId } = (await call('builds.get', { service, number: build })) as { streamId: string }
  const sam = await cookieOf((await as('Sam Rivers')).context())
  const ada = await cookieOf((await as('Ada Admin')).context())

  const other = await connect(sam)
  expect(other.refusal).toBeNull()
  expect(await other.socket.emitWithAck('stream:open', { service, streamId })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await other.socket.emitWithAck('project:watch', { service })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  const own = await connect(ada)
  expect(await own.socket.emitWithAck('stream:open', { service, streamId })).toMatchObject({ head: { streamId } })
  expect(await own.socket.emitWithAck('project:watch', { service })).toEqual({ ok: true })

  // Whoever is not signed in may watch what is public, and so connects; a cookie that is none of ours is as none.
  const nobody = await connect('')
  const tampered = await connect(sam.replace(/session-token=./, 'session-token='))
  for (const { socket, refusal } of [nobody, tampered]) {
    expect(refusal).toBeNull()
    expect(await socket.emitWithAck('stream:open', { service, streamId })).toMatchObject({ error: { code: 'UNAUTHENTICATED' } })
    expect(await socket.emitWithAck('project:watch', { service })).toMatchObject({ error: { code: 'UNAUTHENTICATED' } })
  }
  const elsewhere = await connect(ada, 'http://evil.example')
  expect(elsewhere.refusal).not.toBeNull()
  for (const { socket } of [other, own, nobody, tampered, elsewhere]) socket.close()
})

test("a page of a service cannot act on Maestro in its visitor's name", async ({ as, built }) => {
  const { service } = built
  const page = await as('Ada Admin')
  const origin = `http://${service}.${new URL(baseURL).host}`
  const stop = (headers: Record<string, string>) =>
    page.request.post('/api/trpc/deployments.stop', { data: { json: { service } }, headers })
  expect((await stop({ origin })).status()).toBe(403)
  expect((await stop({ origin: 'null' })).status()).toBe(403)
  expect((await stop({ 'sec-fetch-site': 'same-site' })).status()).toBe(403)
  expect((await page.request.get('/', { headers: { host: 'evil.example' } })).status()).toBe(421)
  expect(await call('deployments.service', { service })).toMatchObject({ state: 'UP' })
})
