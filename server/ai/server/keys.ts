import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import type { ServerKey } from './types.ts'

/**
 * Of the 5 ms that a first token may be late by, opening takes 0.4 with a key of 2048 bits and 1.6 with one of 3072: too much, since
 * beyond this machine there is TLS around it all. Whoever wants a longer one puts it into the file.
 */
const modulusLength = 2048
const leastModulusLength = 2048

/** Writes a secret file that must not be there yet, whole or not at all. False where another process was faster. */
export function writeSecretOnce(file: string, text: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A private key with its thumbprint and public half. */
export async function serverKey(key: KeyObject): Promise<ServerKey> {
  const jwk = await exportJWK(createPublicKey(key))
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, key, jwk: { ...jwk, kid, alg: 'RSA-OAEP-256', use: 'enc' } }
}

/** Makes a key; it is kept nowhere. */
export async function makeServerKey(): Promise<ServerKey> {
  return serverKey((await promisify(generateKeyPair)('rsa', { modulusLength })).privateKey)
}

const pemBlock = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/g

function privateKeyOf(pem: string, file: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    // The reason could hold a part of the file.
    throw new Error(`The file ${file} holds a private key that cannot be read.`)
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < leastModulusLength) {
    throw new Error(`The file ${file} holds a key that is no RSA key of ${leastModulusLength} bits or more.`)
  }
  return key
}

/**
 * The keys of a file, in PEM form one after another: the first is the one to seal for. Where there is no file, one is made with a
 * new key, for its owner alone.
 * @throws Error in one sentence that holds nothing of a key
 */
export async function loadServerKeys(file: string): Promise<ServerKey[]> {
  if (!existsSync(file)) {
    const made = await makeServerKey()
    writeSecretOnce(file, made.key.export({ type: 'pkcs8', format: 'pem' }).toString())
  }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`The AI server's key file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  const found = text.match(pemBlock) ?? []
  if (found.length === 0) throw new Error(`The file ${file} holds no private key in PEM form.`)
  return Promise.all(found.map((pem) => serverKey(privateKeyOf(pem, file))))
}
