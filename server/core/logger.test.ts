import { describe, expect, test } from 'vitest'
import { newSecret, tokenPrefix } from './credentials.ts'
import { makeLogger } from './logger.ts'

/** What one call to the logger writes: the line, and the line read. */
function logged(write: (log: ReturnType<typeof makeLogger>) => void): { line: string; read: Record<string, unknown> } {
  let line = ''
  write(
    makeLogger('trace', {
      write: (text: string) => {
        line += text
      },
    }),
  )
  return { line, read: JSON.parse(line) }
}

const token = newSecret(tokenPrefix)
const cookie = `a=1; __Host-next-auth.session-token=${'0a1b2c3d'.repeat(4)}; b=2`
const jwt = `eyJhbGciOiJSUzI1NiJ9.${'e30'.repeat(10)}.${'c2ln'.repeat(10)}`

/** An error as libraries throw them: with the request that failed hanging on it. */
const laden = () =>
  Object.assign(new Error(`GET https://api.test/x?access_token=hunter2hunter2&page=2 failed with ${token}`), {
    config: { url: 'https://user:hunter2@api.test/', headers: { authorization: `Bearer ${token}` }, data: { password: 'hunter2' } },
    response: { request: { _header: `authorization: Bearer hunter2hunter2\r\ncookie: ${cookie}\r\n` } },
    command: { html: '<p>hunter2</p>', text: 'hunter2', to: 'someone@example.com' },
    cause: new Error(`cause ${jwt}`),
  })

describe('no line holds', () => {
  const secrets: [string, (log: ReturnType<typeof makeLogger>) => void][] = [
    ['a header', (log) => log.info({ headers: { authorization: 'hunter2' } }, 'a')],
    ['a deep header', (log) => log.info({ a: { b: { c: { 'Set-Cookie': ['hunter2'] } } } }, 'a')],
    ['a header by another spelling', (log) => log.info({ request: { Authorization: 'hunter2', proxy_authorization: 'hunter2' } }, 'a')],
    ['an API token in the message', (log) => log.warn(`token ${token} was used`)],
    ['an API token in a field', (log) => log.warn({ path: `/x/${token}` }, 'a')],
    ['an API token in a list', (log) => log.warn({ arguments: ['--token', token] }, 'a')],
    ['a bearer', (log) => log.warn('authorization: bearer hunter2hunter2')],
    ['a cookie in a text', (log) => log.warn(`cookie: ${cookie}`)],
    ['a cookie with quotes around it', (log) => log.warn({ line: JSON.stringify({ cookie }) }, 'a')],
    ['a token of an address', (log) => log.warn({ url: 'https://x.test/a?token=hunter2&b=1' }, 'a')],
    ['a token of an address as an object', (log) => log.warn({ url: new URL('https://u:hunter2@x.test/a?api_key=hunter2') }, 'a')],
    ['a code of an OAuth callback', (log) => log.warn('GET /api/auth/callback/google?state=hunter2&code=hunter2')],
    ['a password of a database', (log) => log.error({ err: new Error('connect to postgres://maestro:hunter2@db/x failed') }, 'a')],
    ['a mail', (log) => log.info({ mail: { subject: 'Hello', html: 'hunter2', text: 'hunter2' }, letter: { name: 'hunter2' } }, 'a')],
    ['a body', (log) => log.info({ request: { body: { name: 'hunter2' } } }, 'a')],
    ['bytes', (log) => log.info({ chunk: Buffer.from('hunter2') }, 'a')],
    ['a signed token', (log) => log.info({ value: jwt }, 'a')],
    ['a private key', (log) => log.info('-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----')],
    ['what hangs on an error', (log) => log.error({ err: laden() }, 'a')],
    ['what hangs on an error that is all there is', (log) => log.error(laden())],
    ['what hangs on an error in a list', (log) => log.error({ err: new AggregateError([laden()], 'all') }, 'a')],
    ['the value of a child', (log) => log.child({ password: token }).info('a')],
  ]
  test.each(secrets)('%s', (_name, write) => {
    const { line } = logged(write)
    for (const secret of ['hunter2', token.slice(4), '0a1b2c3d', jwt.slice(20), Buffer.from('hunter2').toJSON().data.join()])
      expect(line).not.toContain(secret)
  })
})

test('what a line is for stays in it', () => {
  const { read } = logged((log) => log.error({ err: laden(), service: 'notes', number: 7, at: new Date(0) }, 'a step broke'))
  expect(read).toMatchObject({ msg: 'a step broke', service: 'notes', number: 7, at: '1970-01-01T00:00:00.000Z' })
  expect(read.err).toMatchObject({ type: 'Error', command: { to: 'someone@example.com' } })
  const { message, stack } = read.err as { message: string; stack: string }
  expect(message).toContain('GET https://api.test/x?access_token=[redacted]&page=2 failed')
  expect(stack).toContain('logger.test.ts')
  expect(logged((log) => log.info({ path: 'builds.get', code: 'NOT_FOUND', states: ['UP'] }, 'state=UP')).read).toMatchObject({
    path: 'builds.get',
    code: 'NOT_FOUND',
    states: ['UP'],
    msg: 'state=UP',
  })
})

test('what goes in circles or very deep is written down as far as that makes sense', () => {
  const circle: Record<string, unknown> = { name: 'circle' }
  circle.self = circle
  expect(logged((log) => log.info({ circle }, 'a')).line).toContain('[deeper]')
  const err = new Error('x') as Error & { owner?: unknown }
  err.owner = { err }
  expect(logged((log) => log.error({ err }, 'a')).read).toMatchObject({ msg: 'a' })
})
