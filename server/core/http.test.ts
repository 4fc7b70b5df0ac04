import { describe, expect, test } from 'vitest'
import { parseEnv } from './env.ts'
import { decideHost, hostRules, originAllowed, ownAddress, ownOrigins, ownPath, readablePath, refusal } from './http.ts'

describe('Host', () => {
  const laptop = hostRules('http://localhost:3000', 'localhost:3000')
  const production = hostRules('https://maestro.example.com', 'apps.example.net')
  test.each([
    ['localhost:3000', 'maestro'],
    ['LOCALHOST:3000', 'maestro'],
    ['127.0.0.1:3000', 'maestro'],
    ['[::1]:3000', 'maestro'],
    ['localhost.:3000', 'maestro'],
    ['localhost', 'nobody'],
    ['localhost:3001', 'nobody'],
    ['127.0.0.1', 'nobody'],
    ['bookmarks.localhost:3000', 'bookmarks'],
    ['a-1.localhost:3000', 'a-1'],
    ['Bookmarks.localhost:3000', 'bookmarks'],
    ['a.b.localhost:3000', 'nobody'],
    ['-a.localhost:3000', 'nobody'],
    ['a_b.localhost:3000', 'nobody'],
    ['bookmarks.localhost:3001', 'nobody'],
    ['bookmarks.127.0.0.1:3000', 'nobody'],
    ['.localhost:3000', 'nobody'],
    ['evil.test', 'nobody'],
    ['evil.test:3000', 'nobody'],
    ['localhost:3000.evil.test', 'nobody'],
    ['localhost:3000@evil.test', 'nobody'],
    ['localhost:3000/x', 'nobody'],
    ['', 'nobody'],
    [undefined, 'nobody'],
  ])('on a laptop %s goes to %s', (host, to) => {
    const decision = decideHost(host, laptop)
    expect(decision.to === 'service' ? decision.slug : decision.to).toBe(to)
  })
  test.each([
    ['maestro.example.com', 'maestro'],
    ['maestro.example.com:443', 'maestro'],
    ['notes.apps.example.net', 'notes'],
    ['apps.example.net', 'nobody'],
    ['notes.maestro.example.com', 'nobody'],
    ['127.0.0.1', 'nobody'],
    ['localhost', 'nobody'],
    ['10.0.0.7', 'nobody'],
  ])('in production %s goes to %s', (host, to) => {
    const decision = decideHost(host, production)
    expect(decision.to === 'service' ? decision.slug : decision.to).toBe(to)
  })
})

describe('Origin', () => {
  const origins = ownOrigins('http://localhost:3000')
  const ask = (method: string, more: Record<string, string> = {}, always = false) =>
    originAllowed({ method, origin: undefined, referer: undefined, fetchSite: undefined, ...more }, origins, always)
  test.each([
    ['GET from anywhere', ask('GET', { origin: 'http://evil.test' }), true],
    ['POST from our pages', ask('POST', { origin: 'http://localhost:3000' }), true],
    ['POST by loopback address', ask('POST', { origin: 'http://127.0.0.1:3000' }), true],
    ['POST from elsewhere', ask('POST', { origin: 'http://evil.test' }), false],
    ['POST from a service', ask('POST', { origin: 'http://bookmarks.localhost:3000' }), false],
    ['POST from another port', ask('POST', { origin: 'http://localhost:3001' }), false],
    ['POST from a sandboxed page', ask('POST', { origin: 'null' }), false],
    ['DELETE from elsewhere', ask('DELETE', { origin: 'http://evil.test' }), false],
    ['POST by a program', ask('POST'), true],
    ['POST by a browser that hides its origin', ask('POST', { fetchSite: 'cross-site' }), false],
    ['POST from a sister site', ask('POST', { fetchSite: 'same-site' }), false],
    ['POST with our referer', ask('POST', { referer: 'http://localhost:3000/new' }), true],
    ['POST with another referer', ask('POST', { referer: 'http://evil.test/' }), false],
    ['POST with a broken referer', ask('POST', { referer: 'nonsense' }), false],
    ['a handshake from elsewhere', ask('GET', { origin: 'http://evil.test' }, true), false],
    ['a handshake from our pages', ask('GET', { origin: 'http://localhost:3000' }, true), true],
  ])('%s', (_name, allowed, expected) => expect(allowed).toBe(expected))
})

describe('what forbids a start', () => {
  const tls = { TLS_CERT_FILE: '/c', TLS_KEY_FILE: '/k' }
  const proxy = { TRUSTED_PROXY: '10.0.0.0/8, ::1' }
  const public_ = ['https://maestro.example.com', 'apps.example.net'] as const
  const local = ['http://localhost:3000', 'localhost:3000'] as const
  const start = (over: Record<string, string>, base: string, services: string, standIn = false) =>
    refusal(parseEnv({ NODE_ENV: 'production', ...over, MAESTRO_URL: base }), base, services, standIn)
  test.each([
    ['localhost', start({}, ...local), null],
    ['two domains behind a proxy', start(proxy, ...public_), null],
    ['two domains with a certificate', start({ ...tls, HOST: '0.0.0.0' }, ...public_), null],
    ['a certificate on this machine', start(tls, 'https://localhost:3000', 'localhost:3000'), null],
    ['a certificate behind a proxy', start({ ...tls, ...proxy, HOST: '::' }, ...public_), null],
    ['one domain', start(proxy, 'https://maestro.example.com', 'maestro.example.com'), 'SERVICES_DOMAIN'],
    ['services below the base', start(proxy, 'https://example.com', 'apps.example.com'), 'SERVICES_DOMAIN'],
    ['the base below the services', start(proxy, 'https://maestro.example.com', 'example.com'), 'SERVICES_DOMAIN'],
    ['development', refusal(parseEnv({ NODE_ENV: 'development' }), 'http://dev.test:3000', 'dev.test:3000', false), null],
    ['a stand-in on every address', start({ HOST: '0.0.0.0' }, ...local, true), 'HOST is 0.0.0.0, but the stand-in'],
    ['a stand-in under a public name', start({}, ...public_, true), 'stand-in'],
    ['a stand-in on loopback', start({ MAESTRO_DEMO: '1' }, ...local, true), null],
    ['plain HTTP on every address', start({ HOST: '0.0.0.0' }, ...local), 'HOST is 0.0.0.0, but plain HTTP'],
    ['plain HTTP on every address in IPv6', start({ HOST: '::' }, ...local), 'HOST is ::'],
    ['plain HTTP on another loopback address', start({ HOST: '127.0.0.2' }, ...local), null],
    ['plain HTTP on a name that only looks like loopback', start({ HOST: '127.0.0.1.evil.test' }, ...local), 'HOST is'],
    ['plain HTTP under a public name', start({}, 'http://maestro.example.com', 'apps.example.net'), 'MAESTRO_URL is http:'],
    ['HTTPS that nothing speaks', start({}, ...public_), 'nothing here speaks HTTPS'],
    ['a certificate and a plain address', start(tls, ...local), 'this server has a certificate'],
    ['a proxy and a plain address', start(proxy, ...local), 'TRUSTED_PROXY is set'],
    ['a certificate without its key', start({ TLS_CERT_FILE: '/c' }, ...public_), 'belong together'],
    ['a key without its certificate', start({ TLS_KEY_FILE: '/k' }, ...public_), 'belong together'],
    ['a proxy that is no address', start({ TRUSTED_PROXY: 'proxy.internal' }, ...public_), 'TRUSTED_PROXY has to list'],
    ['a network that is none', start({ TRUSTED_PROXY: '10.0.0.0/64' }, ...public_), 'TRUSTED_PROXY has to list'],
    ['everybody as a proxy', start({ TRUSTED_PROXY: '0.0.0.0/0' }, ...public_), 'TRUSTED_PROXY has to list'],
  ])('%s', (_name, sentence, expected) => (expected ? expect(sentence).toContain(expected) : expect(sentence).toBeNull()))
})

describe('nobody is sent elsewhere', () => {
  const base = 'http://localhost:3000'
  test.each([
    ['/dashboard?a=1', '/dashboard?a=1'],
    ['http://localhost:3000/x', '/x'],
    ['x', '/x'],
    ['?a=1', '/?a=1'],
    ['/%2f%2fevil.test', '/%2f%2fevil.test'],
    ['/%5cevil.test', '/%5cevil.test'],
    ['/a\r\nset-cookie: x=1', '/aset-cookie:%20x=1'],
    ['/a%0d%0aset-cookie:x', '/a%0d%0aset-cookie:x'],
  ])('%j is ours', (wanted, path) => {
    expect(ownAddress(wanted, base)).toBe(`${base}${path}`)
    expect(ownPath(wanted, base)).toBe(path)
  })
  test.each([
    ...[
      '//evil.test',
      '///evil.test',
      '////evil.test',
      '/\\evil.test',
      '\\\\evil.test',
      '\\/evil.test',
      '/\t/evil.test',
      '/\n/evil.test',
      '\t//evil.test',
    ],
    ...[
      ' //evil.test',
      '\u0000//evil.test',
      'http:evil.test',
      'http:/\\evil.test',
      'https://localhost:3000',
      'http://localhost:3001',
      'http://127.0.0.1:3000',
    ],
    ...[
      'http://localhost:3000.evil.test',
      'http://localhost:3000@evil.test',
      'http://localhost:3000%40evil.test',
      'http://localhost:3000\\@evil.test',
    ],
    ...[
      'http://evil.test#@localhost:3000',
      'http://evil.test?http://localhost:3000',
      'http://[',
      'http://localhost:3000:80',
      'http://bookmarks.localhost:3000',
    ],
    ...[
      'javascript:alert(1)',
      'java\nscript:alert(1)',
      ' javascript:alert(1)',
      'JaVaScRiPt://localhost:3000/%0aalert(1)',
      'data:text/html,x',
      'blob:http://localhost:3000/x',
    ],
    ...['http://\u2025evil.test', 'http:///evil.test', 'ftp://localhost:3000/', 'view-source:http://localhost:3000'],
  ])('%j is not', (wanted) => {
    expect(`${ownAddress(wanted, base)}/`.startsWith(`${base}/`)).toBe(true)
    expect(new URL(ownPath(wanted, base), base).origin).toBe(base)
  })
  test.each(['http://localhost:3000//evil.test', 'http://localhost:3000/\\evil.test', 'http://localhost:3000///evil.test/x?y'])(
    '%j is ours, also as a path',
    (wanted) => expect(ownPath(wanted, base)).toMatch(/^\/evil\.test/),
  )
  test('letters that only look like slashes and dots stay letters', () => {
    expect(ownPath('/\uff0f\uff0fevil.test', base)).toMatch(/^\/%EF%BC%8F/)
    expect(ownAddress('//evil\u3002test', base)).toBe(base)
  })
})

test.each([
  ['/a%20b?%zz', true],
  ['/%ED%95%9C', true],
  ['/%zz', false],
  ['/%', false],
  ['/%ff', false],
])('the path %s can be read: %s', (target, expected) => expect(readablePath(target)).toBe(expected))
