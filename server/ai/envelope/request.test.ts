import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { brotliCompressSync, constants, deflateRawSync } from 'node:zlib'
import { CompactEncrypt, CompactSign, compactDecrypt, FlattenedSign, flattenedVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { thumbprintOf } from './keys.ts'
import { pack } from './packing.ts'
import { type NamedKey, openRequest, type SealedRequest, sealRequest } from './request.ts'
import { type Claims, EnvelopeRefusal, maxAgeMs, maxOpenedBytes, maxSealedBytes, maxSkewMs } from './types.ts'

const now = 1_800_000_000_000
const secret = 'const password = "좋은 아침 hunter2"'
const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: secret.repeat(3) }] })
const request = { path: '/v1/messages', headers: { 'anthropic-version': '2023-06-01' }, body } as const
const asked = { project: 'p1', purpose: 'architect', budget: null, limits: { concurrent: 2, perMinute: 60 } }

interface Pair extends NamedKey {
  own: NamedKey['key']
}
let server: Pair
let other: Pair
let caller: Pair
let stranger: Pair
let sealed: SealedRequest

const pairOf = async (pair: { publicKey: NamedKey['key']; privateKey: NamedKey['key'] }): Promise<Pair> => ({
  kid: await thumbprintOf(pair.publicKey),
  key: pair.publicKey,
  own: pair.privateKey,
})
const rsa = () => pairOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))
const ed = () => pairOf(generateKeyPairSync('ed25519'))
const signer = ({ kid, own }: Pair): NamedKey => ({ kid, key: own })
const mapOf = (...pairs: NamedKey[]) => new Map(pairs.map(({ kid, key }) => [kid, key]))

const seal = (over: Partial<Parameters<typeof sealRequest>[0]> = {}) =>
  sealRequest({ caller: signer(caller), server, now, claims: asked, request, ...over })
const open = (bytes: Uint8Array, over: Partial<Parameters<typeof openRequest>[1]> = {}) =>
  openRequest(bytes, { keys: mapOf(signer(server), signer(other)), callers: mapOf(caller), now, ...over })

/** The refusal's code; whatever is refused, nothing of the request stands in the error. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.fail('it was taken'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(EnvelopeRefusal)
  const { message, stack, cause, code } = error as EnvelopeRefusal
  for (const text of [message, stack ?? '', String(cause ?? '')]) expect(text).not.toMatch(/hunter2|password|좋은/)
  return code
}

/** A request whose inside is made by hand: what an honest caller would never send. */
async function forged(payload: Uint8Array, over: { server?: Pair; signer?: Pair; kid?: string } = {}): Promise<Buffer> {
  const by = over.signer ?? caller
  const header = { alg: 'EdDSA', typ: 'maestro-ai+jws', kid: over.kid ?? by.kid, b64: false, crit: ['b64'] }
  const { protected: text, signature } = await new FlattenedSign(payload).setProtectedHeader(header).sign(by.own)
  return wrapped(Buffer.concat([Buffer.from(`${text}..${signature}\n`), payload]), over.server ?? server)
}

async function wrapped(plain: Uint8Array, to: Pair, header: Record<string, string> = {}): Promise<Buffer> {
  const protect = { alg: 'RSA-OAEP-256', enc: 'A256GCM', typ: 'maestro-ai+jwe', kid: to.kid, ...header }
  return Buffer.from(await new CompactEncrypt(plain).setProtectedHeader(protect as never).encrypt(to.key))
}

beforeAll(async () => {
  ;[server, other, caller, stranger] = await Promise.all([rsa(), rsa(), ed(), ed()])
  sealed = await seal()
})

describe('a request', () => {
  it('is opened as it was sealed, and shows nothing of itself', async () => {
    const { claims, request: opened } = await open(sealed.jwe)
    expect(opened).toEqual(request)
    expect(claims).toEqual(sealed.claims)
    expect(claims).toMatchObject({ ...asked, iss: caller.kid, aud: server.kid, iat: now })
    for (const part of sealed.jwe.toString().split('.'))
      expect(Buffer.from(part, 'base64url').toString()).not.toMatch(/password|p1|architect/)
  })

  it('is opened with any of the server’s keys, at any size', async () => {
    expect((await open((await seal({ server: other })).jwe)).claims.aud).toBe(other.kid)
    for (const size of [0, 1, 70_000, 3_000_000]) {
      const large = { ...request, body: randomBytes(size).toString('hex') }
      expect((await open((await seal({ request: large })).jwe)).request.body).toBe(large.body)
    }
  })

  it('has a fresh nonce and a fresh key for its answer each time', async () => {
    const many = await Promise.all(Array.from({ length: 50 }, () => seal()))
    expect(new Set(many.map(({ claims }) => claims.jti)).size).toBe(50)
    expect(new Set(many.map(({ claims }) => claims.reply)).size).toBe(50)
  })

  it('is refused with any bit flipped, cut anywhere, or made longer', async () => {
    const { jwe } = sealed
    const flipped = (bit: number) => {
      const copy = Buffer.from(jwe)
      copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
      return copy
    }
    const codes = new Set<string>()
    const all = Array.from({ length: jwe.length * 8 }, (_, bit) => () => flipped(bit))
    for (let length = 0; length < jwe.length; length++) all.push(() => Buffer.from(jwe.subarray(0, length)))
    for (const more of ['A', '.', '.A', '\n', '=', 'AAAA']) all.push(() => Buffer.concat([jwe, Buffer.from(more)]))
    for (let from = 0; from < all.length; from += 200) {
      const some = await Promise.all(all.slice(from, from + 200).map((make) => refusal(open(make()))))
      for (const code of some) codes.add(code)
    }
    expect([...codes].sort()).toEqual(['altered', 'not-sealed', 'unknown-key'])
  })

  it('is a JWS in a JWE as jose has them, and the other way round', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed.jwe, server.own)
    expect(protectedHeader).toEqual({ alg: 'RSA-OAEP-256', enc: 'A256GCM', typ: 'maestro-ai+jwe', kid: server.kid })
    const end = plaintext.indexOf(10)
    const [header = '', detached, signature = ''] = Buffer.from(plaintext.subarray(0, end)).toString().split('.')
    expect(detached).toBe('')
    const jws = { protected: header, payload: plaintext.subarray(end + 1), signature }
    expect((await flattenedVerify(jws, caller.key, { crit: { b64: true } })).protectedHeader).toMatchObject({
      alg: 'EdDSA',
      kid: caller.kid,
    })
    expect((await open(await forged(await pack(sealed.claims, request)))).request).toEqual(request)
  })

  it('is refused with parts of another request in it', async () => {
    const theirs = (await seal({ claims: { ...asked, project: 'p2' } })).jwe.toString().split('.')
    const ours = sealed.jwe.toString().split('.')
    for (const at of [1, 2, 3, 4]) {
      const mixed = ours.map((part, index) => (index === at ? theirs[at] : part)).join('.')
      expect(await refusal(open(Buffer.from(mixed)))).toBe('altered')
    }
  })
})

describe('what is refused by name', () => {
  it('bytes that are no sealed request', async () => {
    for (const bytes of [Buffer.alloc(0), randomBytes(2_000), Buffer.from(body), Buffer.from(`${'a'.repeat(30)}.b.c.d.e`)])
      expect(await refusal(open(bytes))).toBe('not-sealed')
    expect(await refusal(open(await wrapped(Buffer.from('x'), server, { typ: 'JWT' })))).toBe('not-sealed')
    expect(await refusal(open(await wrapped(Buffer.from('x'), server, { alg: 'RSA-OAEP' })))).toBe('not-sealed')
  })

  it('a key that is not the server’s, and one of another server', async () => {
    expect(await refusal(open(sealed.jwe, { keys: mapOf(signer(other)) }))).toBe('unknown-key')
    expect(await refusal(open(sealed.jwe, { keys: new Map([[server.kid, other.own]]) }))).toBe('altered')
  })

  it('a caller that nobody knows, and one who claims to be another', async () => {
    expect(await refusal(open((await seal({ caller: signer(stranger) })).jwe))).toBe('unknown-caller')
    expect(await refusal(open((await seal({ caller: { kid: caller.kid, key: stranger.own } })).jwe))).toBe('altered')
    const both = mapOf(caller, stranger)
    const payload = await pack({ ...sealed.claims, iss: caller.kid }, request)
    expect(await refusal(open(await forged(payload, { signer: stranger }), { callers: both }))).toBe('misbound')
  })

  it('a request that was signed for another server, and then sealed for this one', async () => {
    const payload = await pack({ ...sealed.claims, aud: other.kid }, request)
    expect(await refusal(open(await forged(payload)))).toBe('misbound')
  })

  it('old ones and those of the future, to the millisecond', async () => {
    expect((await open(sealed.jwe, { now: now + maxAgeMs })).claims.iat).toBe(now)
    expect(await refusal(open(sealed.jwe, { now: now + maxAgeMs + 1 }))).toBe('old')
    expect((await open(sealed.jwe, { now: now - maxSkewMs })).claims.iat).toBe(now)
    expect(await refusal(open(sealed.jwe, { now: now - maxSkewMs - 1 }))).toBe('early')
  })

  it('what a caller signs but should not', async () => {
    const claims = sealed.claims
    for (const bad of [
      { ...claims, project: '' },
      { ...claims, reply: 'short' },
      { ...claims, v: 2 },
      { ...claims, jti: 'x' },
    ])
      expect(await refusal(open(await forged(await pack(bad as Claims, request))))).toBe('malformed')
    const path = '/v1/files' as '/v1/messages'
    expect(await refusal(open(await forged(await pack(claims, { ...request, path }))))).toBe('malformed')
    for (const payload of [Buffer.alloc(0), randomBytes(100), deflateRawSync(Buffer.from('x'))])
      expect(await refusal(open(await forged(payload)))).toBe('malformed')
  })

  it('what is sealed but not signed as it should be', async () => {
    const payload = await pack(sealed.claims, request)
    const jws = await new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', kid: caller.kid }).sign(caller.own)
    expect(await refusal(open(await wrapped(Buffer.from(jws), server)))).toBe('malformed')
    expect(await refusal(open(await wrapped(Buffer.from('no line at all'), server)))).toBe('malformed')
    expect(await refusal(open(await forged(payload, { kid: 'nobody' })))).toBe('unknown-caller')
  })

  it('a small request that would unpack to more than may be held', async () => {
    // What an honest caller would not even seal.
    const large = { ...request, body: 'a'.repeat(maxOpenedBytes) }
    expect(await refusal(seal({ request: large }))).toBe('oversized')
    const bomb = brotliCompressSync(Buffer.alloc(maxOpenedBytes + 1, 'a'), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
    const jwe = await forged(bomb)
    expect(jwe.length).toBeLessThan(20_000)
    expect(await refusal(open(jwe))).toBe('oversized')
    expect(await refusal(open(Buffer.alloc(maxSealedBytes + 1, 'a')))).toBe('oversized')
  })

  it('text that is no UTF-8', async () => {
    const { reply, ...rest } = sealed.claims
    const head = Buffer.from(`${JSON.stringify({ claims: { ...rest, reply }, path: request.path, headers: {} })}\n`)
    const payload = brotliCompressSync(Buffer.concat([head, Buffer.from([0xff, 0xfe])]))
    expect(await refusal(open(await forged(payload)))).toBe('malformed')
  })
})
