import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A stand-in for HashiCorp Vault's transit engine, made after its documented HTTP API; no real Vault was asked. It really encrypts, with
 * AES-256-GCM, versions of the key and associated data, and answers mistakes with the documented statuses and the server's own sentences.
 */

/** What a test may do to it. */
export interface TransitStub {
  url: string
  token: string
  /** What was asked, as `METHOD path`, the newest last. */
  asked: string[]
  /** Answers the next requests in this way instead: a status with its sentences, or `hang` and `cut` for a line that breaks. */
  next: ({ status: number; errors: string[] } | 'hang' | 'cut' | 'nonsense')[]
  /** Older versions no longer open. */
  minDecryptionVersion: number
  sealed: boolean
  /** Whether the token can be renewed, and how often it was. */
  renewable: boolean
  renewals: number
  versions: Buffer[]
  stop(): Promise<void>
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly errors: string[],
  ) {
    super(errors[0])
  }
}

const bytes = (text: unknown) => Buffer.from(typeof text === 'string' ? text : '', 'base64')

function encrypt(stub: TransitStub, body: Record<string, unknown>) {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', stub.versions.at(-1) as Buffer, nonce)
  cipher.setAAD(bytes(body.associated_data))
  const text = Buffer.concat([nonce, cipher.update(bytes(body.plaintext)), cipher.final(), cipher.getAuthTag()])
  return { ciphertext: `vault:v${stub.versions.length}:${text.toString('base64')}`, key_version: stub.versions.length }
}

function decrypt(stub: TransitStub, body: Record<string, unknown>) {
  const [, version = '', text] = /^vault:v(\d+):(.*)$/.exec(String(body.ciphertext)) ?? []
  const key = stub.versions[Number(version) - 1]
  if (!key) throw new Refusal(400, ['invalid ciphertext: no prefix'])
  if (Number(version) < stub.minDecryptionVersion)
    throw new Refusal(400, ['ciphertext or signature version is disallowed by policy (too old)'])
  const sealed = bytes(text)
  if (sealed.length < 28) throw new Refusal(400, ['invalid ciphertext: could not decode base64'])
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(bytes(body.associated_data))
  decipher.setAuthTag(sealed.subarray(-16))
  try {
    return { plaintext: Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('base64') }
  } catch {
    throw new Refusal(400, ['cipher: message authentication failed'])
  }
}

function keyOf(stub: TransitStub) {
  const keys = Object.fromEntries(stub.versions.map((_, at) => [String(at + 1), 1_700_000_000]))
  const versions = { latest_version: stub.versions.length, min_decryption_version: stub.minDecryptionVersion, min_encryption_version: 0 }
  return { name: 'maestro', type: 'aes256-gcm96', derived: false, exportable: false, keys, ...versions }
}

function answer(stub: TransitStub, method: string, path: string, token: unknown, body: Record<string, unknown>): unknown {
  if (stub.sealed) throw new Refusal(503, ['Vault is sealed'])
  if (token !== stub.token) throw new Refusal(403, ['permission denied'])
  const route = `${method} ${path.replace(/^\/v1\//, '')}`
  if (route === 'POST transit/encrypt/maestro') return encrypt(stub, body)
  if (route === 'POST transit/decrypt/maestro') return decrypt(stub, body)
  if (route === 'GET transit/keys/maestro') return keyOf(stub)
  if (route === 'POST transit/keys/maestro/rotate') {
    stub.versions.push(randomBytes(32))
    return keyOf(stub)
  }
  if (route === 'POST auth/token/renew-self') {
    if (!stub.renewable) throw new Refusal(400, ['lease is not renewable'])
    stub.renewals++
    return null
  }
  if (/^POST transit\/(en|de)crypt\//.test(route)) throw new Refusal(400, ['encryption key not found'])
  throw new Refusal(404, path.includes('/transit/') ? [] : [`no handler for route "${path.slice(4)}". route entry not found.`])
}

/** Starts it on loopback; its key is `maestro` in the engine `transit`. */
export async function transitStub(): Promise<TransitStub> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    stub.asked.push(`${request.method} ${request.url}`)
    const instead = stub.next.shift()
    if (instead === 'hang') return
    if (instead === 'cut') return void request.socket.destroy()
    const send = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(typeof value === 'string' ? value : JSON.stringify(value))
    if (instead === 'nonsense') return void send(200, '<html>')
    try {
      if (instead) throw new Refusal(instead.status, instead.errors)
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}
      const data = answer(stub, request.method ?? '', request.url ?? '', request.headers['x-vault-token'], body)
      send(200, { request_id: '0', lease_id: '', renewable: false, lease_duration: 0, data, warnings: null })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      send(error.status, { errors: error.errors })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stub: TransitStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: `hvs.${randomBytes(12).toString('hex')}`,
    ...{ asked: [], next: [], minDecryptionVersion: 1, sealed: false, renewable: true, renewals: 0, versions: [randomBytes(32)] },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return stub
}
