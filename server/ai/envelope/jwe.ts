import { constants, createCipheriv, createDecipheriv, type KeyObject, publicEncrypt, randomBytes, webcrypto } from 'node:crypto'
import { EnvelopeRefusal } from './types.ts'

/**
 * A compact JWE of the one kind that the envelope knows, on `node:crypto`. `jose` makes and reads the same, and the tests let each open what
 * the other sealed; but before Node 25 its base64 alone takes longer for a megabyte than all of this.
 */
const fixed = { alg: 'RSA-OAEP-256', enc: 'A256GCM', typ: 'maestro-ai+jwe' } as const
const ivBytes = 12
const tagBytes = 16
const contentKeyBytes = 32
/** Headers are four names and a thumbprint. */
const mostHeaderChars = 500
const partCount = 5

/** A key by its thumbprint. */
export interface NamedKey {
  kid: string
  key: KeyObject
}

/** Seals for a public key. */
export function sealJwe(plain: readonly Uint8Array[], { kid, key }: NamedKey): Buffer {
  const [contentKey, iv] = [randomBytes(contentKeyBytes), randomBytes(ivBytes)]
  const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, contentKey)
  const header = Buffer.from(JSON.stringify({ ...fixed, kid })).toString('base64url')
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(header, 'latin1'))
  const sealed = Buffer.concat([...plain.map((part) => cipher.update(part)), cipher.final()])
  const parts = [wrapped, iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return Buffer.from([header, ...parts].join('.'), 'latin1')
}

/** Decodes what can be written in one way only: stray characters and loose bits at the end are refused where they would be skipped. */
function decoded(part: string): Buffer | null {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : null
}

/** Whom the header says that this was sealed for; a header that asks for anything else than ours do is not taken. */
function receiverOf(header: string): string {
  let read: Record<string, unknown> = {}
  try {
    if (header.length <= mostHeaderChars) read = JSON.parse(decoded(header)?.toString() ?? '') as typeof read
  } catch {
    throw new EnvelopeRefusal('not-sealed')
  }
  const kid = read?.kid
  if (typeof kid !== 'string' || JSON.stringify(read) !== JSON.stringify({ ...fixed, kid })) throw new EnvelopeRefusal('not-sealed')
  return kid
}

const decryptionKeys = new WeakMap<KeyObject, Promise<webcrypto.CryptoKey>>()

/** Node undoes RSA off the main thread by way of Web Crypto alone: it takes 1.5 ms, in which the streams of others go on. */
async function unwrapped(wrapped: Buffer, key: KeyObject): Promise<Uint8Array> {
  let imported = decryptionKeys.get(key)
  if (!imported) {
    const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
    imported = webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['decrypt'])
    decryptionKeys.set(key, imported)
  }
  return new Uint8Array(await webcrypto.subtle.decrypt({ name: 'RSA-OAEP' }, await imported, wrapped))
}

/**
 * Opens what was sealed for one of the keys, and says for which.
 * @throws EnvelopeRefusal `not-sealed`, `unknown-key`, `altered`
 */
export async function openJwe(jwe: Uint8Array, keys: ReadonlyMap<string, KeyObject>): Promise<{ kid: string; plain: Buffer }> {
  const text = Buffer.from(jwe.buffer, jwe.byteOffset, jwe.byteLength).toString('latin1')
  const [header = '', ...rest] = text.split('.', partCount + 1)
  if (rest.length !== partCount - 1) throw new EnvelopeRefusal('not-sealed')
  const kid = receiverOf(header)
  const key = keys.get(kid)
  if (!key) throw new EnvelopeRefusal('unknown-key')
  const [wrapped, iv, sealed, tag] = rest.map(decoded)
  try {
    if (!wrapped || !sealed || iv?.length !== ivBytes || tag?.length !== tagBytes) throw new Error('parts of other lengths')
    const decipher = createDecipheriv('aes-256-gcm', await unwrapped(wrapped, key), iv, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(header, 'latin1')).setAuthTag(tag)
    const plain = decipher.update(sealed)
    decipher.final()
    return { kid, plain }
  } catch {
    // Which of the two does not fit, the wrapped key or what it seals, is nobody's business.
    throw new EnvelopeRefusal('altered')
  }
}
