import type { KeyObject } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Clock } from '@/server/core/clock.ts'
import type { Callers } from './types.ts'

const maxFileBytes = 1024 * 1024
const lookEveryMs = 1_000

// Only what a public key has is taken: a private one that slipped in is not used, and not kept.
const callerSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().length(43) })
const callersSchema = z.object({ keys: z.array(callerSchema).max(1_000) })

/**
 * Callers by the thumbprints of their public keys.
 * @throws Error where it is no set of Ed25519 keys
 */
export async function callersOf(jwks: { keys: readonly unknown[] }): Promise<Map<string, KeyObject>> {
  const { keys } = callersSchema.parse(jwks)
  const entries = keys.map(async (jwk) => {
    const key = createPublicKey({ key: jwk as JWK, format: 'jwk' })
    return [await calculateJwkThumbprint(jwk), key] as const
  })
  return new Map(await Promise.all(entries))
}

/** What changes whenever the file does, also where another one was put in its place. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file)
    return `${mtimeMs} ${size} ${ino}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

async function readCallers(file: string): Promise<Map<string, KeyObject>> {
  if (statSync(file).size > maxFileBytes) throw new Error('it is too large')
  const text = readFileSync(file, 'utf8')
  try {
    return await callersOf(JSON.parse(text))
  } catch {
    throw new Error('it is no JSON Web Key Set of Ed25519 keys')
  }
}

/**
 * Callers of a file, which is looked at again at most once a second and read again when it has changed. A file that cannot be used
 * leaves the callers as they were; one that is gone leaves none.
 */
export async function watchCallers(file: string, { clock, log }: { clock: Clock; log: Logger }): Promise<Callers> {
  let known = new Map<string, KeyObject>()
  let stamp = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  const look = async () => {
    lookedAt = clock.now()
    const now = stampOf(file)
    if (now === stamp) return
    stamp = now
    try {
      known = await readCallers(file)
      log.info({ callers: known.size }, 'the callers were read')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') known = new Map()
      log.warn({ file, why: code ?? message, callers: known.size }, 'the file of the callers cannot be used')
    }
  }
  await look()
  return async () => {
    if (clock.now() - lookedAt >= lookEveryMs) await look()
    return known
  }
}
