import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '@/server/testing/certificate.ts'
import { until } from '@/server/testing/until.ts'
import { followPair, readPair, secureOptions, type TlsFiles } from './tls.ts'

let dir: string
let files: TlsFiles
let server: Server
let release: () => void = () => undefined

/** The two files as Kubernetes mounts a secret: links to links to a folder that is exchanged as a whole. */
async function mount(version: string, { cert, key }: { cert: string; key: string }): Promise<void> {
  const folder = join(dir, version)
  await mkdir(folder)
  await writeFile(join(folder, 'tls.crt'), cert)
  await writeFile(join(folder, 'tls.key'), key)
  await symlink(version, join(dir, '..next'))
  await rename(join(dir, '..next'), join(dir, '..data'))
}
const write = async ({ cert, key }: { cert: string; key: string }) => {
  // Renamed over, so that nobody reads half a file.
  for (const [file, text] of [[files.cert, cert] as const, [files.key, key] as const]) {
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  }
}
/** Whose certificate a new connection is shown. */
const shown = () =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    }).once('error', reject)
  })

async function serve(): Promise<void> {
  const pair = readPair(files)
  server = createServer(secureOptions(pair), (_request, response) => response.end('ok'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  release = followPair(server, files, pair, 10)
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'maestro-tls-'))
  files = { cert: join(dir, 'tls.crt'), key: join(dir, 'tls.key') }
})
afterEach(async () => {
  release()
  await new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(null)))
  await rm(dir, { recursive: true, force: true })
})

describe('new certificates are used as they come', () => {
  test('renamed over the old ones', async () => {
    await write(makeCertificate({ name: 'one' }))
    await serve()
    expect(await shown()).toBe('one')
    await write(makeCertificate({ name: 'two' }))
    await until(async () => (await shown()) === 'two')
  })

  test('behind links that point elsewhere by now', async () => {
    await mount('..one', makeCertificate({ name: 'one' }))
    await symlink(join('..data', 'tls.crt'), files.cert)
    await symlink(join('..data', 'tls.key'), files.key)
    await serve()
    await mount('..two', makeCertificate({ name: 'two' }))
    await rm(join(dir, '..one'), { recursive: true })
    await until(async () => (await shown()) === 'two')
  })

  test('connections that stand are not cut', async () => {
    await write(makeCertificate({ name: 'one' }))
    await serve()
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false })
    await new Promise((resolve) => socket.once('secureConnect', resolve))
    await write(makeCertificate({ name: 'two' }))
    await until(async () => (await shown()) === 'two')
    const answer = new Promise((resolve) => socket.once('data', (bytes) => resolve(String(bytes))))
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
    expect(await answer).toContain('200 OK')
    socket.destroy()
  })
})

test('a pair that cannot be used leaves the old one; the next good one is taken', async () => {
  await write(makeCertificate({ name: 'one' }))
  await serve()
  const good = makeCertificate({ name: 'three' })
  // No file of one fits one of the next: the two are written one after the other.
  const bad = [
    { ...makeCertificate(), cert: 'nonsense' },
    { ...makeCertificate(), key: good.key },
    { ...makeCertificate(), key: 'nonsense' },
    makeCertificate({ name: 'old', expires: new Date(Date.now() - 1_000) }),
  ]
  for (const pair of bad) {
    await write(pair)
    // Long enough for some looks; what is shown may not change in any of them.
    for (let look = 0; look < 5; look++) expect(await shown()).toBe('one')
  }
  await rm(files.key)
  expect(await shown()).toBe('one')
  await write(good)
  await until(async () => (await shown()) === 'three')
})

describe('a start with files that cannot be used is refused in words', () => {
  const refused = async (pair: { cert: string; key: string } | null) => {
    if (pair) await write(pair)
    try {
      readPair(files)
      return null
    } catch (error) {
      return (error as Error).message
    }
  }
  test('there are none', async () => expect(await refused(null)).toMatch(/^TLS_CERT_FILE cannot be read: .* \(ENOENT\)\.$/))
  test('no certificate', async () =>
    expect(await refused({ ...makeCertificate(), cert: 'x' })).toBe('TLS_CERT_FILE holds no certificate in PEM form.'))
  test('no key, and nothing of it is said', async () => {
    const message = await refused({ ...makeCertificate(), key: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----' })
    expect(message).toBe('TLS_KEY_FILE holds no private key in PEM form without a passphrase.')
  })
  test('another certificate’s key', async () =>
    expect(await refused({ ...makeCertificate(), key: makeCertificate().key })).toMatch(/is not that of the certificate/))
  test('one that has expired is better than none', async () =>
    expect(await refused(makeCertificate({ expires: new Date(Date.now() - 1_000) }))).toBeNull())
})
