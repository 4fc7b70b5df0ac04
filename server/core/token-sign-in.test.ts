import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { GET, POST } from '@/app/api/rest/auth/google/route.ts'
import { type GoogleStandIn, startGoogle } from '@/server/embedded/google/google.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeUser, unique } from '@/server/testing/factories.ts'
import { addressHeader } from './credentials.ts'
import { env } from './env.ts'
import { callerOf } from './gates.ts'
import { register, registry } from './registry.ts'

const redirectUri = 'http://localhost:3000/api/auth/callback/google'
let database: TestDatabase
let google: GoogleStandIn

/** An issuer whose key is at hand, so that it can sign what a real one never would. */
interface Issuer {
  server: Server
  issuer: string
  sign(claims: JWTPayload, header?: { alg?: string; kid?: string }): Promise<string>
  key: CryptoKey
}
let own: Issuer

async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }
  const server = createServer((request, response) => {
    const found = request.url === '/keys' ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(found))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sign: Issuer['sign'] = (claims, header) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(privateKey)
  return { server, issuer, sign, key: privateKey }
}

beforeAll(async () => {
  database = await testDatabase()
  ;[google, own] = await Promise.all([startGoogle({ redirectUri }), startIssuer()])
})
beforeEach(() => trust(own.issuer))
afterAll(async () => {
  own.server.close()
  await google.stop()
  await database.drop()
})

function trust(issuer: string) {
  const wellKnown = `${issuer}/.well-known/openid-configuration`
  register({ identity: { issuer, wellKnown, clientId: 'maestro', clientSecret: 's', standIn: true } })
}

const seconds = () => Math.floor(registry('clock').now() / 1_000)
const claims = (over: JWTPayload = {}): JWTPayload => ({
  ...{ iss: own.issuer, aud: 'maestro', sub: unique('sub'), email: `${unique('p')}@example.com`, email_verified: true },
  ...{ name: 'Minji Kim', iat: seconds(), exp: seconds() + 600 },
  ...over,
})

let hosts = 0
async function signIn(body: unknown, headers: Record<string, string> = {}) {
  // Each from an address of its own, so that the limit is met where it is meant to be.
  const given = { 'content-type': 'application/json', [addressHeader]: `198.51.100.${++hosts}`, ...headers }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await POST(new Request('http://localhost:3000/api/auth/google', { method: 'POST', body: text, headers: given }))
  const cookie = answer.headers.get('set-cookie')
  const told = (await answer.json()) as Record<string, unknown> & { user?: Record<string, unknown> }
  return { status: answer.status, code: told.error_code, details: told.details, user: told.user, cookie, headers: answer.headers }
}
const reason = ({ status, details }: Awaited<ReturnType<typeof signIn>>) => [status, (details as { reason?: string } | null)?.reason]

/** The stand-in's ID token of one of its people, got as an application gets it. */
async function realToken(sub: string): Promise<string> {
  const jar = new Map<string, string>()
  const go = async (url: string, form?: Record<string, string>) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = form ? new URLSearchParams(form) : null
    const answer = await fetch(url, { method: form ? 'POST' : 'GET', redirect: 'manual', headers: { cookie }, body })
    for (const set of answer.headers.getSetCookie())
      jar.set(set.slice(0, set.indexOf('=')), set.slice(set.indexOf('=') + 1).split(';')[0] ?? '')
    return new URL(answer.headers.get('location') ?? '', url).href
  }
  const verifier = randomBytes(32).toString('base64url')
  const query = {
    ...{ client_id: google.clientId, redirect_uri: redirectUri, response_type: 'code', scope: 'openid email profile', state: 's' },
    ...{
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      nonce: verifier.slice(0, 20),
    },
  }
  let at = await go(await go(`${google.issuer}/auth?${new URLSearchParams(query)}`), { sub })
  while (at.startsWith(google.issuer)) at = await go(at)
  const form = { grant_type: 'authorization_code', code: new URL(at).searchParams.get('code') ?? '', redirect_uri: redirectUri }
  const answer = await fetch(`${google.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${google.clientId}:${google.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ ...form, code_verifier: verifier }),
  })
  return ((await answer.json()) as { id_token: string }).id_token
}

describe('with the stand-in’s own keys', () => {
  beforeEach(() => register({ identity: { ...google, standIn: true } }))

  test('a token becomes a person and a session, as at the sign-in in the browser', async () => {
    const before = Date.now()
    const { status, user, cookie, headers } = await signIn({ token: await realToken('100000000000000000002') })
    expect(status).toBe(200)
    const who = {
      google_id: '100000000000000000002',
      email: 'minji@maestro.localhost',
      name: 'Minji Kim',
      picture: null,
      verified_email: true,
    }
    expect(user).toEqual({ ...who, created_at: expect.any(String), last_login: expect.any(String) })
    expect(new Date(String(user?.last_login)).getTime()).toBeGreaterThanOrEqual(before)
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(cookie).toMatch(/^next-auth\.session-token=[\w-]{43}; Path=\/; Expires=.+ GMT; HttpOnly; SameSite=Lax$/)
    const { actor, via } = await callerOf(new Headers({ cookie: cookie?.split(';')[0] ?? '' }))
    expect(actor).toMatchObject({ email: 'minji@maestro.localhost', admin: false })
    expect(via).toMatchObject({ kind: 'session' })
    const row = await database.db.session.findFirstOrThrow({ where: { userId: actor?.id ?? '' } })
    expect(cookie).not.toContain(row.sessionToken)
    const accounts = await database.db.account.findMany({ where: { userId: actor?.id ?? '' } })
    expect(accounts).toMatchObject([{ provider: 'google', providerAccountId: '100000000000000000002', id_token: null, access_token: null }])
  })

  test('it is good once, however its signature is written, and under either name', async () => {
    const token = await realToken('100000000000000000003')
    expect((await signIn({ credential: token })).status).toBe(200)
    expect(reason(await signIn({ token }))).toEqual([401, 'idTokenUsed'])
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(token.at(-1) ?? '')
    const rewritten = token.slice(0, -1) + alphabet[last ^ 1]
    expect(reason(await signIn({ token: rewritten }))).toEqual([401, 'idTokenUsed'])
    const again = await signIn({ token: await realToken('100000000000000000003') })
    expect(again.status).toBe(200)
    expect(await database.db.user.count({ where: { googleId: '100000000000000000003' } })).toBe(1)
  })

  test('of many at once with one token one gets in', async () => {
    const token = await realToken('100000000000000000001')
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn({ token })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7)
  })

  test('a changed payload, and a token of another issuer’s key, are refused', async () => {
    const [header, , signature] = (await realToken('100000000000000000002')).split('.')
    const payload = Buffer.from(JSON.stringify(claims({ iss: google.issuer, aud: google.clientId }))).toString('base64url')
    expect(reason(await signIn({ token: `${header}.${payload}.${signature}` }))).toEqual([401, 'idTokenBad'])
    expect(reason(await signIn({ token: await own.sign(claims({ iss: google.issuer, aud: google.clientId })) }))).toEqual([
      401,
      'idTokenBad',
    ])
  })
})

describe('forged', () => {
  test('the issuer at hand is believed, so what follows fails for its own reason', async () => {
    expect((await signIn({ token: await own.sign(claims()) })).status).toBe(200)
  })

  const forged: [string, () => Promise<string>, string][] = [
    ['no algorithm', async () => new UnsecuredJWT(claims()).encode(), 'idTokenBad'],
    [
      'the public key as a shared secret',
      async () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from('x'.repeat(32))),
      'idTokenBad',
    ],
    ['another algorithm of the same key', async () => own.sign(claims(), { alg: 'PS256' }).catch(() => 'a.b.c'), 'idTokenBad'],
    [
      'another key under the same name',
      async () => new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign((await generateKeyPair('RS256')).privateKey),
      'idTokenBad',
    ],
    ['an unknown key', async () => own.sign(claims(), { kid: 'two' }), 'idTokenBad'],
    ['another audience', async () => own.sign(claims({ aud: 'somebody-else' })), 'idTokenBad'],
    ['several audiences', async () => own.sign(claims({ aud: ['maestro', 'somebody-else'] })), 'idTokenBad'],
    ['another issuer', async () => own.sign(claims({ iss: 'https://accounts.google.com' })), 'idTokenBad'],
    ['no issuer', async () => own.sign({ ...claims(), iss: undefined } as never), 'idTokenBad'],
    ['an end that is past', async () => own.sign(claims({ iat: seconds() - 700, exp: seconds() - 100 })), 'idTokenExpired'],
    ['no end', async () => own.sign({ ...claims(), exp: undefined } as never), 'idTokenBad'],
    ['a beginning to come', async () => own.sign(claims({ iat: seconds() + 300 })), 'idTokenBad'],
    ['a beginning long ago', async () => own.sign(claims({ iat: seconds() - 8_000, exp: seconds() + 80_000 })), 'idTokenExpired'],
    ['not before tomorrow', async () => own.sign(claims({ nbf: seconds() + 86_400 })), 'idTokenBad'],
    ['no subject', async () => own.sign({ ...claims(), sub: undefined } as never), 'idTokenBad'],
    ['no address', async () => own.sign({ ...claims(), email: undefined } as never), 'idTokenBad'],
    ['no token at all', async () => 'abc', 'idTokenBad'],
    ['five parts', async () => 'a.b.c.d.e', 'idTokenBad'],
  ]
  test.each(forged)('%s', async (_name, token, why) => {
    const before = await database.db.session.count()
    const answer = await signIn({ token: await token() })
    expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', cookie: null })
    expect(reason(answer)[1]).toBe(why)
    expect(await database.db.session.count()).toBe(before)
  })

  test('clocks may differ by a minute', async () => {
    expect((await signIn({ token: await own.sign(claims({ exp: seconds() - 30, iat: seconds() - 600 })) })).status).toBe(200)
    expect((await signIn({ token: await own.sign(claims({ iat: seconds() + 30 })) })).status).toBe(200)
  })
})

describe('who may come in', () => {
  test('nobody whose address is not verified', async () => {
    for (const email_verified of [false, 'true', 1, undefined]) {
      expect(reason(await signIn({ token: await own.sign(claims({ email_verified } as never)) }))).toEqual([403, 'noEntry'])
    }
  })

  test('nobody whose address becomes another one’s in lower case', async () => {
    Object.assign(env(), { ADMIN_EMAILS: 'kim@kelvin.example', AUTH_ALLOWED_DOMAINS: 'kelvin.example' })
    try {
      for (const email of ['\u212aim@kelvin.example', 'kim@\u212aelvin.example', 'kim@kelv\u0130n.example'])
        expect(reason(await signIn({ token: await own.sign(claims({ email })) })), email).toEqual([403, 'noEntry'])
      expect(await database.db.user.count({ where: { email: { contains: 'elvin' } } })).toBe(0)
    } finally {
      Object.assign(env(), { ADMIN_EMAILS: undefined, AUTH_ALLOWED_DOMAINS: undefined })
    }
  })

  test('nobody who is suspended, by id or by address', async () => {
    const person = await makeUser({ googleId: unique('sub'), suspendedAt: new Date() })
    expect(reason(await signIn({ token: await own.sign(claims({ sub: person.googleId ?? '' })) }))).toEqual([403, 'suspended'])
    const byMail = await makeUser({ suspendedAt: new Date() })
    expect(reason(await signIn({ token: await own.sign(claims({ email: byMail.email.toUpperCase() })) }))).toEqual([403, 'suspended'])
  })

  test('nobody of another domain, where domains are named', async () => {
    env().AUTH_ALLOWED_DOMAINS = 'example.org'
    try {
      expect(reason(await signIn({ token: await own.sign(claims({ email: `${unique('p')}@example.org.evil.test` })) }))).toEqual([
        403,
        'domainNotAllowed',
      ])
      expect((await signIn({ token: await own.sign(claims({ email: `${unique('p')}@example.org` })) })).status).toBe(200)
    } finally {
      env().AUTH_ALLOWED_DOMAINS = undefined
    }
  })

  test('an address that went to somebody else opens nothing of who had it before', async () => {
    const first = await makeUser({ googleId: unique('sub') })
    expect(reason(await signIn({ token: await own.sign(claims({ email: first.email })) }))).toEqual([403, 'noEntry'])
  })

  test('a person with a new address is the same person; one who was known by address alone is linked', async () => {
    const sub = unique('sub')
    const known = await makeUser({ emailVerified: null })
    expect((await signIn({ token: await own.sign(claims({ sub, email: known.email })) })).status).toBe(200)
    const email = `${unique('new')}@example.com`
    expect((await signIn({ token: await own.sign(claims({ sub, email })) })).user).toMatchObject({ google_id: sub, email })
    expect(await database.db.user.findUniqueOrThrow({ where: { id: known.id } })).toMatchObject({ googleId: sub, email })
  })

  test('first sign-ins of one person at once make one', async () => {
    for (let round = 0; round < 5; round++) {
      const [sub, email] = [unique('sub'), `${unique('p')}@example.com`]
      const tokens = await Promise.all([1, 2, 3, 4, 5].map((jti) => own.sign(claims({ sub, email, jti: String(jti) }))))
      const answers = await Promise.all(tokens.map((token) => signIn({ token })))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      expect(await database.db.user.count({ where: { googleId: sub } })).toBe(1)
    }
  })
})

describe('the request', () => {
  test('says what is missing or too long, in the envelope', async () => {
    expect(await signIn({})).toMatchObject({ status: 400, code: 'BAD_REQUEST', details: { fields: [{ field: 'token' }] } })
    expect(await signIn({ token: 7 })).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(await signIn({ token: 'x'.repeat(8_193) })).toMatchObject({ status: 400 })
    expect(await signIn({ token: 'x'.repeat(1_000_000) })).toMatchObject({ status: 413, code: 'TOO_LARGE' })
    expect(await signIn('{')).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(await signIn('token=x', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({ status: 415 })
    const other = await GET()
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })

  test('one address may try so often and no more', async () => {
    const headers = { [addressHeader]: '203.0.113.9' }
    const answers = []
    for (let left = 61; left > 0; left--) answers.push(await signIn({ token: 'abc' }, headers))
    expect(answers.at(-2)?.status).toBe(401)
    expect(answers.at(-1)).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' })
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('a provider that is away is not the token’s fault', async () => {
    const other = await startIssuer()
    await new Promise((resolve) => other.server.close(resolve))
    trust(other.issuer)
    expect(reason(await signIn({ token: await other.sign(claims({ iss: other.issuer })) }))).toEqual([503, 'providerAway'])
    register({ identity: null })
    expect(reason(await signIn({ token: 'abc' }))).toEqual([503, 'noSignIn'])
  })
})
