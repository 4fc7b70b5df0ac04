import { type KeyObject, randomBytes, randomUUID, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { decodeProtectedHeader } from 'jose'
import { type NamedKey, openJwe, sealJwe } from './jwe.ts'
import { pack, unpack } from './packing.ts'
import { type Claims, EnvelopeRefusal, envelopeVersion, type InnerRequest, maxAgeMs, maxSealedBytes, maxSkewMs } from './types.ts'

const signing = { alg: 'EdDSA', typ: 'maestro-ai+jws' } as const
const unencoded = { b64: false, crit: ['b64'] }
const lineFeed = 0x0a
/** Below it a trip to the thread pool takes longer than the work. */
const poolBytes = 64 * 1024
/** A JWS's header and signature; ours have about 230 characters. */
const maxSignatureBytes = 1_024

export type { NamedKey }

/** What the caller decides of a request; the rest of the claims follows from the keys, the clock and chance. */
export type AskedClaims = Pick<Claims, 'project' | 'purpose' | 'budget' | 'limits'>

export interface SealedRequest {
  /** The compact JWE, to be sent as the body. */
  jwe: Buffer
  claims: Claims
}

const [signLater, verifyLater] = [promisify(sign), promisify(verify)]
const signedBytes = (header: string, payload: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${header}.`, 'latin1'), payload])

async function signatureOf(bytes: Buffer, key: KeyObject): Promise<Buffer> {
  return bytes.length < poolBytes ? sign(null, bytes, key) : signLater(null, bytes, key)
}

async function isSigned(bytes: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> {
  return bytes.length < poolBytes ? verify(null, bytes, key, signature) : verifyLater(null, bytes, key, signature)
}

/**
 * Signs a request and seals it for the AI server. The JWS carries its payload unencoded and detached (RFC 7797 and RFC 7515, appendix F): base64
 * in base64 would make a third more of it. `jose` reads and makes the same; `node:crypto` signs small ones at once, which is a millisecond of a first token. What is sealed is the signature's line and then the packed request.
 * @throws EnvelopeRefusal `oversized`
 */
export async function sealRequest(input: {
  caller: NamedKey
  server: NamedKey
  now: number
  claims: AskedClaims
  request: InnerRequest
}): Promise<SealedRequest> {
  const { caller, server, now, request } = input
  const reply = randomBytes(32).toString('base64url')
  const claims: Claims = { v: envelopeVersion, iss: caller.kid, aud: server.kid, jti: randomUUID(), iat: now, ...input.claims, reply }
  const payload = await pack(claims, request)
  const header = Buffer.from(JSON.stringify({ ...signing, kid: caller.kid, ...unencoded })).toString('base64url')
  const signature = await signatureOf(signedBytes(header, payload), caller.key)
  const jwe = sealJwe([Buffer.from(`${header}..${signature.toString('base64url')}\n`), payload], server)
  if (jwe.length > maxSealedBytes) throw new EnvelopeRefusal('oversized')
  return { jwe, claims }
}

/** The packed request, once its signature was checked, and who signed it. */
async function verified(plain: Uint8Array, callers: ReadonlyMap<string, KeyObject>): Promise<{ payload: Uint8Array; signer: string }> {
  const end = plain.subarray(0, maxSignatureBytes).indexOf(lineFeed)
  const [header = '', , signature = ''] = Buffer.from(plain.subarray(0, Math.max(end, 0)))
    .toString('latin1')
    .split('.')
  let signer: string | undefined
  try {
    const { kid, ...rest } = decodeProtectedHeader({ protected: header })
    // What the same key signs for another use, or in another way, is no request.
    if (JSON.stringify(rest) !== JSON.stringify({ ...signing, ...unencoded })) throw new Error('another kind')
    signer = kid
  } catch {
    throw new EnvelopeRefusal('malformed')
  }
  const key = callers.get(signer ?? '')
  if (!key || signer === undefined) throw new EnvelopeRefusal('unknown-caller')
  const payload = plain.subarray(end + 1)
  if (!(await isSigned(signedBytes(header, payload), key, Buffer.from(signature, 'base64url')))) throw new EnvelopeRefusal('altered')
  return { payload, signer }
}

function checkTime({ iat }: Claims, now: number): void {
  if (now - iat > maxAgeMs) throw new EnvelopeRefusal('old')
  if (iat - now > maxSkewMs) throw new EnvelopeRefusal('early')
}

/**
 * Opens a request: the AI server's side of `sealRequest`. Whether it was taken before, came before this process's start, or may still spend is
 * the server's to say.
 * @param keys the AI server's private keys by thumbprint; `callers` the public keys of those who may ask
 * @throws EnvelopeRefusal `oversized`, `not-sealed`, `unknown-key`, `altered`, `unknown-caller`, `malformed`, `misbound`, `old`, `early`
 */
export async function openRequest(
  sealed: Uint8Array,
  { keys, callers, now }: { keys: ReadonlyMap<string, KeyObject>; callers: ReadonlyMap<string, KeyObject>; now: number },
): Promise<{ claims: Claims; request: InnerRequest }> {
  if (sealed.length > maxSealedBytes) throw new EnvelopeRefusal('oversized')
  const { kid, plain } = await openJwe(sealed, keys)
  const { payload, signer } = await verified(plain, callers)
  const opened = await unpack(payload)
  if (opened.claims.iss !== signer || opened.claims.aud !== kid) throw new EnvelopeRefusal('misbound')
  checkTime(opened.claims, now)
  return opened
}
