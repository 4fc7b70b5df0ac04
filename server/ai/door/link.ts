import { createPublicKey } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { z } from 'zod'
import type { AiLink } from '@/server/core/ai-link.ts'
import type { Clock } from '@/server/core/clock.ts'
import type { Env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { isLoopbackName } from '@/server/core/http.ts'
import { keysPath } from '../envelope/types.ts'

const askTimeoutMs = 5_000
/** A key set is small; whoever sends more is not the AI server. */
const mostBytes = 256 * 1024
/** A key is looked up anew after a while, so that a changed one is noticed. */
const keyKeptMs = 60_000

const rsaSchema = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() })
const keySetSchema = z.object({ keys: z.array(z.unknown()).max(100) })

const silent = (cause?: unknown) =>
  new AppError('UNAVAILABLE', 'The AI server does not answer.', undefined, { key: 'aiServerSilent', cause })
const otherKey = () =>
  new AppError('UNAVAILABLE', 'The AI server shows another key than the one that AI_SERVER_THUMBPRINT names.', undefined, {
    key: 'aiServerOtherKey',
  })

/** What the environment says of an AI server elsewhere. */
export interface RemoteAddress {
  url: string
  /** The thumbprints that are believed; more than one while its key is being changed. */
  thumbprints: readonly string[]
}

/**
 * The AI server that the environment names; null where it is to be a child of this process.
 * @throws Error in one sentence where it is not to be reached safely
 */
export function remoteAddress(from: Pick<Env, 'AI_SERVER_URL' | 'AI_SERVER_THUMBPRINT'>): RemoteAddress | null {
  if (!from.AI_SERVER_URL) return null
  const url = URL.canParse(from.AI_SERVER_URL) ? new URL(from.AI_SERVER_URL) : null
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new Error('AI_SERVER_URL is no address of a server.')
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) {
    throw new Error('AI_SERVER_URL is plain HTTP: beyond this machine the AI server is reached over HTTPS alone.')
  }
  const thumbprints = (from.AI_SERVER_THUMBPRINT ?? '').split(/[\s,]+/).filter(Boolean)
  if (thumbprints.length === 0) {
    throw new Error('Set AI_SERVER_THUMBPRINT to the thumbprint of its key that the AI server prints when it starts.')
  }
  return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, ''), thumbprints }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > mostBytes) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

async function readKeySet(url: string): Promise<unknown[]> {
  try {
    const response = await fetch(`${url}${keysPath}`, { redirect: 'error', signal: AbortSignal.timeout(askTimeoutMs) })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return keySetSchema.parse(JSON.parse(await textOf(response))).keys
  } catch (error) {
    throw silent(error)
  }
}

async function pinnedKey({ url, thumbprints }: RemoteAddress): Promise<Awaited<ReturnType<AiLink['serverKey']>>> {
  for (const shown of await readKeySet(url)) {
    const { data } = rsaSchema.safeParse(shown)
    // The name that a key is shown under is believed of nobody; its thumbprint is made here.
    const kid = data && (await calculateJwkThumbprint(data).catch(() => null))
    if (kid && thumbprints.includes(kid)) return { kid, key: createPublicKey({ key: data as JWK, format: 'jwk' }) }
  }
  throw otherKey()
}

/** The way to an AI server that is not ours to start. */
export function remoteLink(address: RemoteAddress, { caller, clock }: { caller: AiLink['caller']; clock: Clock }): AiLink {
  let known: { at: number; key: ReturnType<AiLink['serverKey']> } | null = null
  return {
    demo: false,
    caller,
    url: () => address.url,
    serverKey() {
      if (known && clock.now() - known.at < keyKeptMs) return known.key
      const asked = { at: clock.now(), key: pinnedKey(address) }
      known = asked
      // Who asks next after a failure asks the server, not its memory.
      asked.key.catch(() => {
        if (known === asked) known = null
      })
      return asked.key
    },
  }
}

/**
 * Asks how the AI server is.
 * @throws Error with words that may be shown
 */
export async function askHealth(ai: AiLink): Promise<void> {
  const inWords = (error: Error) => {
    throw new Error(error.message)
  }
  await ai.serverKey().catch(inWords)
  const response = await fetch(`${ai.url()}/health`, { redirect: 'error', signal: AbortSignal.timeout(askTimeoutMs) }).catch(() => {
    throw new Error('the AI server does not answer')
  })
  if (!response.ok) throw new Error('the AI server does not reach the Messages API, or its key is not taken there')
}
