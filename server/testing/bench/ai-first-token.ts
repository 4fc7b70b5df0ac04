import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { makeCallerKey } from '@/server/ai/door/caller-key.ts'
import { type AiChild, startAiChild } from '@/server/ai/door/child.ts'
import { openAnswer } from '@/server/ai/door/opened.ts'
import { post } from '@/server/ai/door/post.ts'
import { sealRequest } from '@/server/ai/envelope/request.ts'
import type { AiLink } from '@/server/core/ai-link.ts'
import { projectRoot } from '@/server/core/paths.ts'
import { freeClaims } from '@/server/testing/sealed.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
const pairsPerRun = 100
const pauseMs = 8
const streams = 50
/** Each of the streams says a word this often: about as fast as Claude speaks. */
const everyMs = 40

const firstWord = Buffer.from('content_block_delta')
/** A question as a crew asks it: some kilobytes of instructions and code. */
const bodyFor = (words: number) =>
  JSON.stringify({
    ...{ model: 'claude-sonnet-5-5', max_tokens: 1_000, stream: true, metadata: { words, everyMs } },
    messages: [{ role: 'user', content: 'export const answer = (question: string): string => question.trim()\n'.repeat(60) }],
  })
const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' }
const agent = new Agent({ keepAlive: true })

/** Milliseconds to the first word, straight from the upstream. */
async function direct(upstream: string): Promise<number> {
  const startedAt = performance.now()
  const call = request(`${upstream}/v1/messages`, { method: 'POST', agent, headers: { ...headers, authorization: 'Bearer bench' } })
  call.end(bodyFor(1))
  const [message] = await once(call, 'response')
  let took = 0
  for await (const chunk of message as AsyncIterable<Buffer>) if (!took && chunk.includes(firstWord)) took = performance.now() - startedAt
  return took
}

async function sealed(ai: AiLink, words: number, signal?: AbortSignal) {
  const inner = { path: '/v1/messages' as const, headers, body: bodyFor(words) }
  const [caller, claims] = [ai.caller, freeClaims({ project: 'bench' })]
  const { jwe, claims: all } = await sealRequest({ caller, server: await ai.serverKey(), now: Date.now(), claims, request: inner })
  return openAnswer(await post(ai.url(), jwe, signal), all, () => undefined)
}

/** The same by the AI server: sealed, sent, opened, asked, sealed frame by frame, and opened. */
async function through(ai: AiLink): Promise<number> {
  const startedAt = performance.now()
  const { body } = await sealed(ai, 1)
  let took = 0
  for await (const chunk of body) if (!took && chunk.includes(firstWord)) took = performance.now() - startedAt
  return took
}

/** Streams that go on until the signal; each is read as it comes. */
async function keepStreaming(ai: AiLink, signal: AbortSignal): Promise<() => number> {
  let words = 0
  const read = async (body: AsyncGenerator<Buffer>) => {
    for await (const _ of body) words++
  }
  const opened = await Promise.all(Array.from({ length: streams }, () => sealed(ai, 1_000_000, signal)))
  for (const { body } of opened) void read(body).catch(() => undefined)
  return () => words
}

async function startUpstream(): Promise<{ url: string; child: ChildProcess }> {
  const program = ['--import', 'tsx', join(projectRoot(), 'server', 'testing', 'bench', 'upstream.ts')]
  const child = spawn(process.execPath, program, { cwd: projectRoot(), stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { url: String(line).trim(), child }
}

async function startServer(upstream: string, dir: string): Promise<AiChild> {
  const { jwk, ...caller } = await makeCallerKey()
  return startAiChild({
    command: [process.execPath, join(projectRoot(), 'dist', 'ai-server.js'), 'worker'],
    environment: {
      ...{ ANTHROPIC_BASE_URL: upstream, ANTHROPIC_API_KEY: 'bench', AI_SERVER_PORT: '0' },
      ...{ AI_SERVER_KEY_FILE: join(dir, 'server.key'), AI_SERVER_CALLERS: JSON.stringify({ keys: [jwk] }), MAESTRO_LOG_LEVEL: 'warn' },
    },
    renewable: true,
    demo: true,
    caller,
  })
}

interface Run {
  added: number[]
  direct: number[]
  rate: number
}

async function measure(upstream: string, ai: AiLink, words: () => number): Promise<Run> {
  const run: Run = { added: [], direct: [], rate: 0 }
  const [startedAt, before] = [performance.now(), words()]
  for (let i = 0; i < pairsPerRun; i++) {
    await delay(pauseMs)
    const plain = await direct(upstream)
    await delay(pauseMs)
    run.added.push((await through(ai)) - plain)
    run.direct.push(plain)
  }
  run.rate = ((words() - before) / (performance.now() - startedAt)) * 1_000
  return run
}

export const bench: Bench = {
  id: 'ai-first-token',
  about:
    `time to the first word of a streamed answer by way of the AI server, a process of its own (sealed, sent, opened, asked, sealed frame by frame, ` +
    `opened), less that of a direct call right before it, while ${streams} other requests stream by the AI server, a word every ${everyMs} ms each; ` +
    'the upstream is a process, too; beside the direct calls themselves',
  async run() {
    const dir = await mkdtemp(join(tmpdir(), 'maestro-bench-ai-'))
    const { url, child } = await startUpstream()
    const server = await startServer(url, dir)
    const stop = new AbortController()
    try {
      const words = await keepStreaming(server.ai, stop.signal)
      // What runs for the first time is not compiled yet.
      await measure(url, server.ai, words)
      const all: Run[] = []
      for (let run = 0; run < runs; run++) all.push(await measure(url, server.ai, words))
      const rate = Math.round(
        percentile(
          all.map((run) => run.rate),
          0.5,
        ),
      )
      const at = (share: number) => ({
        unit: 'ms',
        runs: all.map(({ added }) => percentile(added, share)),
        baseline: all.map((run) => percentile(run.direct, share)),
        note: `the ${streams} streams bring ${rate} pieces/s`,
      })
      return [
        { what: 'p50', ...at(0.5), goal: { atMost: 5 } },
        { what: 'p95', ...at(0.95), goal: { atMost: 15 } },
      ]
    } finally {
      stop.abort()
      agent.destroy()
      child.stdin?.end()
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    }
  },
}
