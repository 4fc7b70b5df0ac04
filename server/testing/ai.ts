import { createPublicKey } from 'node:crypto'
import pino from 'pino'
import { type CallerKey, makeCallerKey } from '@/server/ai/door/caller-key.ts'
import { callersOf } from '@/server/ai/server/callers.ts'
import { makeServerKey } from '@/server/ai/server/keys.ts'
import { startAiServer } from '@/server/ai/server/server.ts'
import type { AiServerOptions, ServerKey } from '@/server/ai/server/types.ts'
import type { AiLink } from '@/server/core/ai-link.ts'
import { systemClock } from '@/server/core/clock.ts'

/** What of an AI server a test may want otherwise. */
export type TestAiOptions = { baseUrl: string; apiKey?: string; demo?: boolean } & Partial<
  Pick<AiServerOptions, 'bounds' | 'callers' | 'clock' | 'log' | 'listen'>
> & { /** Who asks; somebody new by default. */ caller?: CallerKey }

let made: Promise<ServerKey> | undefined
/** One for all of a process: making one takes a second. */
export const testServerKey = (): Promise<ServerKey> => {
  made ??= makeServerKey()
  return made
}

/** An AI server in this process in front of an upstream, and the way to it. */
export async function testAi(options: TestAiOptions): Promise<{ ai: AiLink; caller: CallerKey; stop(): Promise<void> }> {
  const { baseUrl, apiKey = 'test', demo = true, ...over } = options
  const [key, { jwk, ...caller }] = await Promise.all([testServerKey(), over.caller ?? makeCallerKey()])
  const known = await callersOf({ keys: [jwk] })
  const server = await startAiServer({
    upstream: { baseUrl, apiKey },
    keys: [key],
    callers: async () => known,
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    log: pino({ level: 'silent' }),
    ...over,
  })
  const serverKey = { kid: key.kid, key: createPublicKey(key.key) }
  return { caller: { jwk, ...caller }, ai: { demo, caller, url: () => server.url, serverKey: async () => serverKey }, stop: server.stop }
}

const nobody = (): never => {
  throw new Error('this test calls no model')
}

/** For tests that never call a model. */
export const noAi: AiLink = {
  demo: true,
  url: nobody,
  serverKey: async () => nobody(),
  get caller() {
    return nobody()
  },
}
