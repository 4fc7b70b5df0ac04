import { type CipherKey, createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export const keyBytes = 32
const version = 1
const nonceBytes = 12
const tagBytes = 16
const idBytes = 16
/** version | key id | nonce | authentication tag | ciphertext */
const headerBytes = 1 + idBytes
const overhead = headerBytes + nonceBytes + tagBytes

/** Why bytes did not open: they are no sealed text of a version we know, or they were altered or bound to something else. */
export class SealRefusal extends Error {
  constructor(readonly reason: 'not-sealed' | 'altered') {
    super(`the vault refused: ${reason}`)
  }
}

/** What a ciphertext is bound to besides its key. Lengths stand before the parts, so no two pairs give the same bytes. */
function additionalData(header: Uint8Array, parts: readonly string[]): Buffer {
  const pieces: Uint8Array[] = [header]
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    pieces.push(length, bytes)
  }
  return Buffer.concat(pieces)
}

const idToBytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')
const bytesToId = (bytes: Buffer) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/**
 * Seals with AES-256-GCM under a fresh random nonce.
 * @param keyId a UUID, readable in the result, so that old keys still open what they sealed
 * @param binding what must be said again to open it
 */
export function sealWith(key: CipherKey, keyId: string, binding: readonly string[], plain: Uint8Array): Buffer {
  const header = Buffer.concat([Buffer.from([version]), idToBytes(keyId)])
  if (header.length !== headerBytes) throw new Error('a key id must be a UUID')
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(additionalData(header, binding))
  const body = cipher.update(plain)
  const rest = cipher.final()
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body, rest])
}

/**
 * The id of the key that sealed this, without opening it.
 * @throws SealRefusal `not-sealed`
 */
export function keyIdOf(sealed: Uint8Array): string {
  if (sealed.length < overhead || sealed[0] !== version) throw new SealRefusal('not-sealed')
  return bytesToId(Buffer.from(sealed.subarray(1, headerBytes)))
}

/**
 * Opens what `sealWith` made with the same key and binding. Nothing of the plain text leaves before its tag was checked.
 * @throws SealRefusal
 */
export function openWith(key: CipherKey, binding: readonly string[], sealed: Uint8Array): Buffer {
  keyIdOf(sealed)
  const nonce = sealed.subarray(headerBytes, headerBytes + nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(additionalData(sealed.subarray(0, headerBytes), binding))
  decipher.setAuthTag(sealed.subarray(headerBytes + nonceBytes, overhead))
  const plain = decipher.update(sealed.subarray(overhead))
  try {
    const rest = decipher.final()
    return rest.length === 0 ? plain : Buffer.concat([plain, rest])
  } catch {
    plain.fill(0)
    throw new SealRefusal('altered')
  }
}

/**
 * Reads a 32-byte key written as 64 hexadecimal digits or as base64.
 * @throws Error which never repeats the value
 */
export function parseMasterKey(text: string): Buffer {
  const value = text.trim()
  if (/^[0-9a-fA-F]{64}$/.test(value)) return Buffer.from(value, 'hex')
  const bytes = /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : Buffer.alloc(0)
  if (bytes.length !== keyBytes) throw new Error('The master key must be 32 bytes, as 64 hexadecimal digits or as base64.')
  return bytes
}

/**
 * Reads a ring of such keys, the current one first; a key that stands there twice counts once.
 * @throws Error which never repeats a value
 */
export function parseMasterKeys(text: string, separator: ',' | '\n'): Buffer[] {
  const parts = text.split(separator).filter((part) => part.trim() !== '')
  if (parts.length === 0) throw new Error('There is no master key where one should be: 32 bytes, as hexadecimal digits or base64.')
  const keys = parts.map(parseMasterKey)
  return keys.filter((key, at) => keys.findIndex((other) => other.equals(key)) === at)
}

/**
 * The key that older versions derived from the master key for what belongs to no project. Its id is derived, too, so that what another
 * master key sealed is known without being opened.
 */
export function platformKey(masterKey: Uint8Array): { id: string; key: Buffer } {
  const derive = (purpose: string, bytes: number) => Buffer.from(hkdfSync('sha256', masterKey, '', `maestro/platform/${purpose}`, bytes))
  return { id: bytesToId(derive('key-id', idBytes)), key: derive('key', keyBytes) }
}

/** A map that forgets what was unused longest once it holds more than `limit`; `onForgotten` is told of it. */
export function boundedMap<V>(limit: number, onForgotten: (value: V) => void = () => undefined) {
  const entries = new Map<string, V>()
  return {
    get(key: string): V | undefined {
      const value = entries.get(key)
      if (value !== undefined) {
        entries.delete(key)
        entries.set(key, value)
      }
      return value
    },
    set(key: string, value: V): void {
      entries.delete(key)
      entries.set(key, value)
      const oldest = entries.keys().next()
      if (entries.size <= limit || oldest.done) return
      const forgotten = entries.get(oldest.value) as V
      entries.delete(oldest.value)
      onForgotten(forgotten)
    },
    delete: (key: string) => void entries.delete(key),
    get size() {
      return entries.size
    },
  }
}
