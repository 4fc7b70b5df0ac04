import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '@/server/core/clock.ts'
import { testAi, testServerKey } from '@/server/testing/ai.ts'
import { makeCertificate } from '@/server/testing/certificate.ts'
import { type MessagesApi, startMessagesApi } from '@/server/testing/messages-api.ts'
import { ask } from '@/server/testing/sealed.ts'
import { until } from '@/server/testing/until.ts'
import { keysPath } from '../envelope/types.ts'
import { makeServerKey } from '../server/keys.ts'
import { makeCallerKey } from './caller-key.ts'
import { askHealth, remoteAddress, remoteLink } from './link.ts'

let api: MessagesApi
let server: Awaited<ReturnType<typeof testAi>>
beforeAll(async () => {
  api = await startMessagesApi()
  server = await testAi({ baseUrl: api.url })
})
afterAll(async () => {
  await server.stop()
  await api.stop()
})

/** The certificate that somebody shows. */
const shownAt = (port: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })

const linkTo = (url: string, thumbprints: string[], clock: Clock = systemClock) =>
  remoteLink({ url, thumbprints }, { caller: server.ai.caller, clock })

describe('where the AI server is', () => {
  const at = (AI_SERVER_URL?: string, AI_SERVER_THUMBPRINT?: string) => remoteAddress({ AI_SERVER_URL, AI_SERVER_THUMBPRINT })

  it('is a child where nothing is said, else an address with the thumbprints that are believed', () => {
    expect(at()).toBeNull()
    expect(at('https://ai.example.com/', 'one, two')).toEqual({ url: 'https://ai.example.com', thumbprints: ['one', 'two'] })
    expect(at('http://127.0.0.1:3100', 'one')?.url).toBe('http://127.0.0.1:3100')
    expect(at('http://localhost:3100', 'one')?.url).toBe('http://localhost:3100')
  })

  it.each([
    ['http://ai.example.com', 'one', /plain HTTP/],
    ['http://10.0.0.1:3100', 'one', /plain HTTP/],
    ['ftp://ai.example.com', 'one', /no address/],
    ['ai.example.com', 'one', /no address/],
    ['https://ai.example.com', undefined, /AI_SERVER_THUMBPRINT/],
    ['http://127.0.0.1:3100', ' ', /AI_SERVER_THUMBPRINT/],
  ])('%s with the thumbprint %s is refused in words', (url, thumbprint, words) => expect(() => at(url, thumbprint)).toThrow(words))
})

describe('the key of an AI server elsewhere', () => {
  it('is believed by its thumbprint, and asks work', async () => {
    const { kid } = await testServerKey()
    const link = linkTo(server.ai.url(), ['another', kid])
    expect((await link.serverKey()).kid).toBe(kid)
    expect((await ask(link)).whole).toBe(true)
    await askHealth(link)
  })

  it('that is another one is refused in words, whatever name it is shown under', async () => {
    const other = await makeServerKey()
    await expect(linkTo(server.ai.url(), [other.kid]).serverKey()).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'aiServerOtherKey' })
    const mine = await testServerKey()
    const liar = createServer(
      (_request, response) => void response.end(JSON.stringify({ keys: [{ ...other.jwk, kid: mine.kid }, 'no key', null] })),
    )
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`
    await expect(linkTo(url, [mine.kid]).serverKey()).rejects.toMatchObject({ key: 'aiServerOtherKey' })
    await expect(askHealth(linkTo(url, [mine.kid]))).rejects.toThrow('shows another key')
    liar.close()
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['an error', (response) => void response.writeHead(500).end()],
    ['no JSON', (response) => void response.end('hello')],
    ['a redirect', (response) => void response.writeHead(302, { location: `${server.ai.url()}${keysPath}` }).end()],
    ['more than a key set holds', (response) => void response.end(JSON.stringify({ keys: [], pad: 'x'.repeat(300_000) }))],
    ['nothing', (response) => void response.destroy()],
  ])('where it answers with %s, it does not answer; afterwards it is asked again', async (_what, broken) => {
    let answer = broken
    const { kid, jwk } = await testServerKey()
    const moody = createServer((_request, response) => answer(response))
    await new Promise<void>((resolve) => moody.listen(0, '127.0.0.1', resolve))
    const link = linkTo(`http://127.0.0.1:${(moody.address() as AddressInfo).port}`, [kid])
    await expect(link.serverKey()).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'aiServerSilent' })
    answer = (response) => void response.end(JSON.stringify({ keys: [jwk] }))
    expect((await link.serverKey()).kid).toBe(kid)
    moody.close()
    moody.closeAllConnections()
  })

  it('is asked for once in a while, and a changed one is noticed', async () => {
    let [now, asked] = [0, 0]
    const [mine, next] = await Promise.all([testServerKey(), makeServerKey()])
    let shown = mine
    const counting = createServer((_request, response) => {
      asked++
      response.end(JSON.stringify({ keys: [shown.jwk] }))
    })
    await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve))
    const link = linkTo(`http://127.0.0.1:${(counting.address() as AddressInfo).port}`, [mine.kid, next.kid], {
      ...systemClock,
      now: () => now,
    })
    await Promise.all([link.serverKey(), link.serverKey()])
    await link.serverKey()
    expect(asked).toBe(1)
    shown = next
    now = 61_000
    expect((await link.serverKey()).kid).toBe(next.kid)
    counting.close()
    counting.closeAllConnections()
  })
})

describe('TLS', () => {
  it('is spoken beyond this machine, and a renewed certificate is taken up', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'maestro-ai-tls-'))
    const tls = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem'), prefix: 'AI_SERVER_' }
    const pair = makeCertificate()
    writeFileSync(tls.cert, pair.cert)
    writeFileSync(tls.key, pair.key)
    const open = await testAi({ baseUrl: api.url, listen: { host: '0.0.0.0', port: 0, tls } })
    expect(open.ai.url()).toMatch(/^https:/)
    const { port } = new URL(open.ai.url())
    // Nobody who does not know the certificate is spoken to.
    await expect(linkTo(`https://localhost:${port}`, ['x']).serverKey()).rejects.toMatchObject({ key: 'aiServerSilent' })
    expect(await shownAt(port)).toBe(new X509Certificate(pair.cert).fingerprint256)
    const renewed = makeCertificate()
    writeFileSync(tls.cert, renewed.cert)
    writeFileSync(tls.key, renewed.key)
    const { fingerprint256 } = new X509Certificate(renewed.cert)
    await until(async () => (await shownAt(port)) === fingerprint256, { everyMs: 100 })
    await open.stop()
    writeFileSync(tls.key, makeCertificate().key)
    await expect(testAi({ baseUrl: api.url, listen: { host: '0.0.0.0', port: 0, tls } })).rejects.toThrow(/AI_SERVER_TLS_KEY_FILE/)
    rmSync(dir, { recursive: true })
  })

  it('is not done without beyond this machine', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.1', 'ai.example.com']) {
      await expect(testAi({ baseUrl: api.url, listen: { host, port: 0 } })).rejects.toThrow(/plain HTTP is for this machine alone/)
    }
  })

  it('a caller’s key is one of Ed25519', async () => expect((await makeCallerKey()).key.asymmetricKeyType).toBe('ed25519'))
})
