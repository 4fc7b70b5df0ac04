import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCallerKey } from '@/server/ai/door/caller-key.ts'
import { type AiChild, startAiChild } from '@/server/ai/door/child.ts'
import { openAnswer } from '@/server/ai/door/opened.ts'
import { post } from '@/server/ai/door/post.ts'
import { sealRequest } from '@/server/ai/envelope/request.ts'
import type { AiLink } from '@/server/core/ai-link.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { freeClaims } from '@/server/testing/sealed.ts'
import { median } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
const words = 100_000
const eventEnd = Buffer.from('\n\n')
const body = JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 1_000, stream: true, metadata: { words }, messages: [] })
const agent = new Agent({ keepAlive: true })

/** Reads a stream as it comes and counts its events; gives them a second. */
async function rateOf(open: () => Promise<AsyncIterable<Buffer>>): Promise<number> {
  const startedAt = performance.now()
  let [events, last]: [number, Buffer] = [0, Buffer.alloc(0)]
  for await (const chunk of await open()) {
    for (let at = chunk.indexOf(eventEnd); at >= 0; at = chunk.indexOf(eventEnd, at + 2)) events++
    // An end across the border of two pieces.
    if (last.at(-1) === 0x0a && chunk[0] === 0x0a) events++
    last = chunk
  }
  if (events < words) throw new Error(`only ${events} of ${words} events have come`)
  return events / ((performance.now() - startedAt) / 1_000)
}

async function plain(relay: string): Promise<AsyncIterable<Buffer>> {
  const call = request(`${relay}/v1/messages`, { method: 'POST', agent })
  call.end(body)
  const [message] = await once(call, 'response')
  return message as AsyncIterable<Buffer>
}

async function sealed(ai: AiLink): Promise<AsyncIterable<Buffer>> {
  const inner = { path: '/v1/messages' as const, headers: {}, body }
  const made = await sealRequest({ caller: ai.caller, server: await ai.serverKey(), now: Date.now(), claims: freeClaims(), request: inner })
  return (await openAnswer(await post(ai.url(), made.jwe, undefined), made.claims, () => undefined)).body
}

async function startFlood(...args: string[]): Promise<{ url: string; child: ChildProcess }> {
  const program = ['--import', 'tsx', join(projectRoot(), 'server', 'testing', 'bench', 'flood.ts'), ...args]
  const child = spawn(process.execPath, program, { cwd: projectRoot(), stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { url: String(line).trim(), child }
}

async function startServer(upstream: string, dir: string): Promise<AiChild> {
  const { jwk, ...caller } = await makeCallerKey()
  return startAiChild({
    command: [process.execPath, '--import', 'tsx', join(projectRoot(), 'server', 'ai-server.ts'), 'worker'],
    environment: {
      ...{ ANTHROPIC_BASE_URL: upstream, ANTHROPIC_API_KEY: 'bench', AI_SERVER_PORT: '0', MAESTRO_LOG_LEVEL: 'warn' },
      ...{ AI_SERVER_KEY_FILE: join(dir, 'server.key'), AI_SERVER_CALLERS: JSON.stringify({ keys: [jwk] }) },
    },
    renewable: true,
    demo: true,
    caller,
  })
}

export const bench: Bench = {
  id: 'seal-stream',
  about:
    `${words} events of a streamed answer pass from one process to another and are counted: by the AI server, sealed and opened again, ` +
    'beside a relay that does the same and seals nothing; events a second, sealed by unsealed',
  async run() {
    const dir = await mkdtemp(join(tmpdir(), 'maestro-bench-seal-'))
    const source = await startFlood()
    const relay = await startFlood(source.url)
    const server = await startServer(source.url, dir)
    const [rates, baseline, ratios]: [number[], number[], number[]] = [[], [], []]
    try {
      for (let run = 0; run <= runs; run++) {
        const open = await rateOf(() => plain(relay.url))
        const shut = await rateOf(() => sealed(server.ai))
        // What runs for the first time is not compiled yet.
        if (run === 0) continue
        baseline.push(open)
        rates.push(shut)
        ratios.push(shut / open)
      }
    } finally {
      agent.destroy()
      await server.stop()
      for (const { child } of [relay, source]) child.kill()
      await rm(dir, { recursive: true, force: true })
    }
    const note = `${Math.round(median(rates))} events a second sealed, ${Math.round(median(baseline))} unsealed`
    return [{ what: 'ratio', unit: 'of unsealed', runs: ratios, baseline: null, goal: { atLeast: 0.6 }, note }]
  },
}
