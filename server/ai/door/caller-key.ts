import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose'
import type { AiLink } from '@/server/core/ai-link.ts'
import type { Env } from '@/server/core/env.ts'
import { writeSecretOnce } from '../server/keys.ts'

/** The key that signs this app's requests, and its public half as the AI server's file of callers shows it. */
export type CallerKey = AiLink['caller'] & { jwk: JWK }

/** A caller's key of a private Ed25519 key. */
export async function callerKey(key: CallerKey['key']): Promise<CallerKey> {
  const jwk = await exportJWK(createPublicKey(key))
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, key, jwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' } }
}

/** A fresh one; it is kept nowhere. */
export const makeCallerKey = (): Promise<CallerKey> => callerKey(generateKeyPairSync('ed25519').privateKey)

/** Where this installation keeps its key. */
export const callerKeyFile = (from: Pick<Env, 'AI_CALLER_KEY_FILE' | 'MAESTRO_DATA_DIR'>): string =>
  from.AI_CALLER_KEY_FILE ?? join(from.MAESTRO_DATA_DIR, 'ai-caller.key')

/**
 * This installation's key, made at its first use, for its owner alone.
 * @throws Error in one sentence that holds nothing of the key
 */
export async function loadCallerKey(from: Pick<Env, 'AI_CALLER_KEY_FILE' | 'MAESTRO_DATA_DIR'>): Promise<CallerKey> {
  const file = callerKeyFile(from)
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeSecretOnce(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  }
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`The key for the AI server, ${file}, cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  let key: CallerKey['key']
  try {
    key = createPrivateKey(pem)
  } catch {
    // The reason could hold a part of the file.
    throw new Error(`The file ${file} holds no private key in PEM form.`)
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`The file ${file} holds a key that is no Ed25519 key.`)
  return callerKey(key)
}

/** The file of callers that lets this installation ask an AI server elsewhere: a JSON Web Key Set of its public key. */
export async function callerKeySet(from: Pick<Env, 'AI_CALLER_KEY_FILE' | 'MAESTRO_DATA_DIR'>): Promise<{ keys: JWK[] }> {
  return { keys: [(await loadCallerKey(from)).jwk] }
}
