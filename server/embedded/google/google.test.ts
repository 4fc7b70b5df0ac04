import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import NextAuth from 'next-auth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordSignIn } from '@/server/accounts/service.ts'
import { authOptions } from '@/server/core/auth.ts'
import { env, publishAuthUrl } from '@/server/core/env.ts'
import { callerOf } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { type GoogleStandIn, startGoogle } from './google.ts'

let database: TestDatabase
let google: GoogleStandIn
let server: Server
let base: string

/** The sign-in library behind a bare HTTP server, as it stands behind Next's. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', base)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const pairs = (request.headers.cookie ?? '').split('; ').filter(Boolean)
  const cookies = Object.fromEntries(pairs.map((pair) => [pair.split('=')[0], decodeURIComponent(pair.split('=').slice(1).join('='))]))
  const nextauth = url.pathname.replace('/api/auth/', '').split('/')
  const query = { ...Object.fromEntries(url.searchParams), nextauth }
  const asked = Object.assign(request, { query, cookies, body: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())) })
  const told = Object.assign(response, {
    status(code: number) {
      response.statusCode = code
      return told
    },
    json: (body: unknown) => response.end(JSON.stringify(body)),
    send: (body: unknown) => response.end(typeof body === 'string' ? body : JSON.stringify(body)),
  })
  await NextAuth(asked as never, told as never, authOptions(recordSignIn, { address: null, userAgent: null }))
}

beforeAll(async () => {
  database = await testDatabase()
  server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  env().MAESTRO_URL = base
  publishAuthUrl()
  google = await startGoogle({ redirectUri: `${base}/api/auth/callback/google` })
  register({ ...testKeys(Buffer.alloc(32)), identity: { ...google, standIn: true } })
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await google.stop()
  await database.drop()
})

/** A browser as far as a sign-in needs one: it keeps cookies by host and follows nothing by itself. */
function browser() {
  const jars = new Map<string, Map<string, string>>()
  const header = (host: string) => [...(jars.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  const go = async (url: string, form?: Record<string, string>, more: Record<string, string> = {}) => {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const body = form ? new URLSearchParams(form) : null
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: header(host), ...more },
      body,
    })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const location = response.headers.get('location')
    return { status: response.status, text: await response.text(), location: location && new URL(location, url).href }
  }
  return { go, me: async () => (await callerOf(new Headers({ cookie: header(new URL(base).host) }))).actor }
}
type Browser = ReturnType<typeof browser>

/** Goes from our sign-in to the provider and gives the address that it sends the person back to. */
async function toCallback(person: Browser, sub: string): Promise<string> {
  return chooseAt(person, await toChoice(person), { sub })
}

/** Goes from our sign-in to the provider's page and gives its address. */
async function toChoice({ go }: Browser): Promise<string> {
  const { csrfToken } = JSON.parse((await go(`${base}/api/auth/csrf`)).text)
  const started = await go(`${base}/api/auth/signin/google`, { csrfToken, callbackUrl: `${base}/dashboard`, json: 'true' })
  const asked = await go(JSON.parse(started.text).url)
  expect(asked.location).toContain('/choose/')
  return asked.location ?? ''
}

/** Sends the provider's form and gives the address that it sends the person back to. */
async function chooseAt({ go }: Browser, page: string, form: Record<string, string>): Promise<string> {
  let at = (await go(page, form)).location ?? ''
  while (at.startsWith(google.issuer)) at = (await go(at)).location ?? ''
  return at
}

test('a person signs in and is known, the administrator by the address alone, and signs out again', async () => {
  const admin = browser()
  expect((await admin.go(await toCallback(admin, '100000000000000000001'))).location).toBe(`${base}/dashboard`)
  expect(await admin.me()).toMatchObject({ email: 'admin@maestro.localhost', name: 'Ada Admin', admin: true })
  const user = await database.db.user.findFirstOrThrow({ include: { accounts: true } })
  expect(user).toMatchObject({ googleId: '100000000000000000001', emailVerified: expect.any(Date), lastLoginAt: expect.any(Date) })
  expect(user.accounts).toMatchObject([{ provider: 'google', access_token: null, id_token: null }])
  const other = browser()
  await other.go(await toCallback(other, '100000000000000000002'))
  expect(await other.me()).toMatchObject({ email: 'minji@maestro.localhost', admin: false })
  const { csrfToken } = JSON.parse((await admin.go(`${base}/api/auth/csrf`)).text)
  await admin.go(`${base}/api/auth/signout`, { csrfToken, json: 'true' })
  expect(await admin.me()).toBeNull()
  expect(await other.me()).not.toBeNull()
})

test('a second sign-in is the same person', async () => {
  const [first, second] = [browser(), browser()]
  await first.go(await toCallback(first, '100000000000000000002'))
  await second.go(await toCallback(second, '100000000000000000002'))
  expect((await second.me())?.id).toBe((await first.me())?.id)
  expect(await database.db.account.count({ where: { providerAccountId: '100000000000000000002' } })).toBe(1)
})

test('an answer with another state, to another browser, or used twice opens nothing', async () => {
  const person = browser()
  const callback = await toCallback(person, '100000000000000000003')
  const forged = new URL(callback)
  forged.searchParams.set('state', 'somebody-else')
  expect((await person.go(forged.href)).location).toContain('error=OAuthCallback')
  const stranger = browser()
  expect((await stranger.go(callback)).location).toContain('error=OAuthCallback')
  expect(await stranger.me()).toBeNull()
  expect(await database.db.user.count({ where: { email: 'sam@maestro.localhost' } })).toBe(0)
  const once = await toCallback(person, '100000000000000000003')
  expect((await person.go(once)).location).toBe(`${base}/dashboard`)
  expect((await person.go(once)).location).toContain('error=')
})

test('nobody but the fixed identities can be chosen', async () => {
  const person = browser()
  const back = await toCallback(person, '999')
  expect(new URL(back).searchParams.get('error')).toBe('access_denied')
  await person.go(back)
  expect(await person.me()).toBeNull()
})

test('whoever is made up is verified, and the same person the next time, under another name too', async () => {
  const [first, second] = [browser(), browser()]
  await first.go(await chooseAt(first, await toChoice(first), { name: ' <b>Jo</b> Park ', email: ' Jo@Team.localhost ' }))
  expect(await first.me()).toMatchObject({ email: 'jo@team.localhost', name: '<b>Jo</b> Park', admin: false, approved: false })
  await second.go(await chooseAt(second, await toChoice(second), { name: '박조', email: 'jo@team.localhost' }))
  expect(await second.me()).toMatchObject({ id: (await first.me())?.id, name: '박조' })
})

test('the address of a fixed identity is that identity', async () => {
  const person = browser()
  await person.go(await chooseAt(person, await toChoice(person), { name: 'Mallory', email: 'sam@maestro.localhost' }))
  expect(await person.me()).toMatchObject({ email: 'sam@maestro.localhost', name: 'Sam Rivers' })
})

test.each([
  ['Jo', 'jo@gmail.com'],
  ['Jo', 'jo@example.com.evil.test'],
  ['Jo', 'jo@localhost'],
  ['Jo', 'jo@x@example.com'],
  ['Jo', `${'j'.repeat(65)}@example.com`],
  ['Jo', 'jö@example.com'],
  ['Jo', 'jo@\u0435xample.com'],
  ['Jo\u202e', 'jo@example.com'],
  ['\u200b', 'jo@example.com'],
  ['x'.repeat(101), 'jo@example.com'],
])('%j with %j is nobody: the page stays, what was typed stands in it as text', async (name, email) => {
  const person = browser()
  const page = await toChoice(person)
  const { location, text } = await person.go(page, { name, email: `${email}"><script>` })
  expect(location).toBeNull()
  expect(text).not.toContain('<script>')
  expect((await person.go(page, { name, email })).location).toBeNull()
  expect(await person.me()).toBeNull()
})

test("another site's form and one without end choose nobody", async () => {
  const person = browser()
  const page = await toChoice(person)
  const form = { name: 'Jo', email: 'jo@example.com' }
  expect(await person.go(page, form, { origin: 'http://evil.test' })).toMatchObject({ status: 403, location: null })
  expect(await person.go(page, form, { origin: 'null' })).toMatchObject({ status: 403, location: null })
  const { location } = await person.go(page, { name: 'Jo', email: `${'j'.repeat(9_000)}@example.com` })
  expect(location).toBeNull()
})

test('it answers under its own name alone: no page elsewhere reaches it through a name that was turned to this machine', async () => {
  const { port, pathname } = new URL(google.wellKnown)
  const status = (host: string) =>
    new Promise((resolve, reject) => {
      const asked = get({ host: '127.0.0.1', port, path: pathname, headers: { host } }, (answer) => resolve(answer.resume().statusCode))
      asked.on('error', reject)
    })
  expect(await status(`127.0.0.1:${port}`)).toBe(200)
  expect(await status(`evil.test:${port}`)).toBe(421)
  expect(await status(`localhost:${port}`)).toBe(421)
})
