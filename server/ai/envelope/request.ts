import { type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { decodeProtectedHeader, FlattenedSign, flattenedVerify } from 'jose'
import { type NamedKey, openJwe, sealJwe } from './jwe.ts'
import { pack, unpack } from './packing.ts'
import { type Claims, EnvelopeRefusal, envelopeVersion, type InnerRequest, maxAgeMs, maxSealedBytes, maxSkewMs } from './types.ts'

const signing = { alg: 'EdDSA', typ: 'maestro-ai+jws' } as const
const lineFeed = 0x0a
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

/**
 * Signs a request and seals it for the AI server. The JWS carries its payload unencoded and detached (RFC 7797 and RFC 7515, appendix F): base64
 * in base64 would make a third more of it. What is sealed is the signature's line and then the packed request.
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
  const { protected: header, signature } = await new FlattenedSign(payload)
    .setProtectedHeader({ ...signing, kid: caller.kid, b64: false, crit: ['b64'] })
    .sign(caller.key)
  const jwe = sealJwe([Buffer.from(`${header}..${signature}\n`), payload], server)
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
    const { typ, kid } = decodeProtectedHeader({ protected: header })
    // What the same key signs for another use is no request.
    if (typ !== signing.typ) throw new Error('another kind')
    signer = kid
  } catch {
    throw new EnvelopeRefusal('malformed')
  }
  const key = callers.get(signer ?? '')
  if (!key || signer === undefined) throw new EnvelopeRefusal('unknown-caller')
  const payload = plain.subarray(end + 1)
  await flattenedVerify({ protected: header, payload, signature }, key, { algorithms: [signing.alg], crit: { b64: true } }).catch(() => {
    throw new EnvelopeRefusal('altered')
  })
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
