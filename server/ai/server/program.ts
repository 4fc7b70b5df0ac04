import { readFileSync } from 'node:fs'
import { systemClock } from '@/server/core/clock.ts'
import type { AiServerEnv } from '@/server/core/env.ts'
import { makeLogger } from '@/server/core/logger.ts'
import { callersOf, watchCallers } from './callers.ts'
import { loadServerKeys } from './keys.ts'
import { startAiServer } from './server.ts'
import type { AiServer, AiServerOptions, Callers, Listening } from './types.ts'

const drainMs = 10_000
const print = (words: string) => process.stdout.write(`${words}\n`)

/** The key to Claude, from the environment or a file. @throws Error in one sentence */
function apiKeyOf({ ANTHROPIC_API_KEY: key, ANTHROPIC_API_KEY_FILE: file }: AiServerEnv): string {
  if (key) return key
  if (!file) throw new Error('Set ANTHROPIC_API_KEY, or ANTHROPIC_API_KEY_FILE to a file that holds the key.')
  try {
    const text = readFileSync(file, 'utf8').trim()
    if (text) return text
  } catch (error) {
    throw new Error(`ANTHROPIC_API_KEY_FILE cannot be read: ${file} (${(error as NodeJS.ErrnoException).code}).`)
  }
  throw new Error(`ANTHROPIC_API_KEY_FILE is empty: ${file}.`)
}

function listeningOf(from: AiServerEnv): Listening {
  const { AI_SERVER_HOST: host, AI_SERVER_PORT: port, AI_SERVER_TLS_CERT_FILE: cert, AI_SERVER_TLS_KEY_FILE: key } = from
  if (!cert !== !key) throw new Error('AI_SERVER_TLS_CERT_FILE and AI_SERVER_TLS_KEY_FILE go together: set both, or neither.')
  return { host, port, ...(cert && key && { tls: { cert, key, prefix: 'AI_SERVER_' } }) }
}

async function callersFrom(from: AiServerEnv, log: AiServerOptions['log']): Promise<Callers> {
  const { AI_SERVER_CALLERS: given, AI_SERVER_CALLERS_FILE: file } = from
  if (!given) return watchCallers(file, { clock: systemClock, log })
  try {
    const known = await callersOf(JSON.parse(given))
    return async () => known
  } catch {
    throw new Error('AI_SERVER_CALLERS is no JSON Web Key Set of Ed25519 keys.')
  }
}

/** Starts what an environment describes. */
async function start(from: AiServerEnv): Promise<AiServer> {
  // An error's words could be the caller's; its place in the program cannot.
  const log = makeLogger(from.MAESTRO_LOG_LEVEL)
  const die = (error: Error) => {
    const { name, stack = '' } = error
    log.fatal({ name, at: stack.split('\n').filter((line) => /^\s+at /.test(line)) }, 'the AI server broke')
    process.exit(1)
  }
  process.on('uncaughtException', die).on('unhandledRejection', die)
  return startAiServer({
    upstream: { baseUrl: from.ANTHROPIC_BASE_URL, apiKey: apiKeyOf(from) },
    keys: await loadServerKeys(from.AI_SERVER_KEY_FILE),
    callers: await callersFrom(from, log),
    listen: listeningOf(from),
    clock: systemClock,
    log,
  })
}

/** Serves on its own, until a signal ends it; open answers have a while to come to their end. */
export async function serve(from: AiServerEnv, forgotten: readonly string[]): Promise<void> {
  if (forgotten.length > 0) {
    print(`The AI server has no use for ${forgotten.join(', ')}, and has forgotten what they said: leave them out of its environment.`)
  }
  const server = await start(from)
  const end = () => void server.stop(drainMs).then(() => process.exit(0))
  process.once('SIGTERM', end).once('SIGINT', end)
  print(`The AI server listens at ${server.url}`)
  print(`Its key's thumbprint, for AI_SERVER_THUMBPRINT: ${server.kid}`)
}

/** Prints the thumbprints of its keys, the current one first; the first key is made where there is none. */
export async function printThumbprints(from: AiServerEnv): Promise<void> {
  for (const { kid } of await loadServerKeys(from.AI_SERVER_KEY_FILE)) print(kid)
}

/** Serves below the app, which is told where, and ends when the app is gone. */
export async function serveBelow(from: AiServerEnv): Promise<void> {
  const tell = (message: object) => process.send?.(message)
  // To end well tells the keeper that this was meant.
  process.on('disconnect', () => process.exit(0))
  if (!process.connected) process.exit(0)
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  try {
    const { url, kid, jwk } = await start(from)
    tell({ type: 'ready', pid: process.pid, url, kid, jwk })
  } catch (error) {
    tell({ type: 'failed', why: (error as Error).message })
    throw error
  }
}
