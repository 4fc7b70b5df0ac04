import { expect, test } from 'vitest'
import { requestHeaders, responseHeaders, withoutDomain } from './headers.ts'

const caller = { address: '127.0.0.9', protocol: 'https', host: 'notes.apps.test' } as const

test('what was forwarded is replaced, whoever said it', () => {
  const headers = requestHeaders(
    {
      host: 'notes.apps.test',
      forwarded: 'for=1.1.1.1',
      'x-forwarded-for': '1.1.1.1',
      'x-forwarded-user': 'admin',
      'x-real-ip': '1.1.1.1',
    },
    caller,
    false,
  )
  expect(headers).toEqual({
    host: 'notes.apps.test',
    'x-forwarded-for': '127.0.0.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'notes.apps.test',
  })
})

test('headers of one connection end here, with those that Connection names', () => {
  const headers = requestHeaders(
    { connection: 'keep-alive, X-Secret', 'keep-alive': '5', te: 'trailers', upgrade: 'h2c', 'proxy-authorization': 'x', 'x-secret': '1' },
    caller,
    false,
  )
  expect(Object.keys(headers).filter((name) => !name.startsWith('x-forwarded'))).toEqual([])
  expect(requestHeaders({ connection: 'Upgrade', upgrade: 'websocket' }, caller, true)).toMatchObject({
    connection: 'Upgrade',
    upgrade: 'websocket',
  })
})

test('what frames a request is nothing that a caller may have dropped', () => {
  const headers = {
    connection: 'content-length, transfer-encoding, host',
    'content-length': '5',
    'transfer-encoding': 'chunked',
    host: 'a',
  }
  expect(requestHeaders(headers, caller, false)).toMatchObject({ 'content-length': '5', 'transfer-encoding': 'chunked', host: 'a' })
})

test("Maestro's own cookies never reach an app", () => {
  const cookie =
    'a=1; next-auth.session-token=s; __Host-next-auth.session-token=s; __Secure-next-auth.callback-url=u; maestro-locale=ko; b=2'
  expect(requestHeaders({ cookie }, caller, false).cookie).toBe('a=1; b=2')
  expect(requestHeaders({ cookie: 'next-auth.csrf-token=s' }, caller, false)).not.toHaveProperty('cookie')
})

test.each([
  ['a=1; Domain=example.test; Path=/', 'a=1; Path=/'],
  ['a=1;domain=.localhost;HttpOnly', 'a=1;HttpOnly'],
  ['a=1; DOMAIN = x', 'a=1'],
  ['a=1; Domain', 'a=1'],
  ['domain=value; Path=/', 'domain=value; Path=/'],
  ['a=domain=x; Secure', 'a=domain=x; Secure'],
])('a cookie loses its domain: %s', (from, to) => {
  expect(withoutDomain(from)).toBe(to)
  expect(responseHeaders({ 'set-cookie': [from] }, false)['set-cookie']).toEqual([to])
})
