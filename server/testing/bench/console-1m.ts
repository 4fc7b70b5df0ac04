import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { processExecutor } from '@/server/builds/executors/process.ts'
import type { OnOutput } from '@/server/builds/executors/types.ts'
import { openConsole, settleConsole } from '@/server/builds/steps/console.ts'
import { createStream, deleteStreamsOf, readStream } from '@/server/streams/service.ts'
import { type StreamWorld, streamWorld } from '@/server/testing/stream-world.ts'
import type { Bench } from './types.ts'

const lineCount = 1_000_000
const runs = 5
const words = ['GET', 'POST', 'cache hit', 'cache miss', 'job done', 'retry', 'queued', 'rendered']

/** A log line of 100 bytes, its break included: time, words, and ids that no compressor can guess. */
function logLine(i: number): string {
  const mixed = (Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  const other = (Math.imul(i + 7, 0x85ebca6b) >>> 0).toString(16).padStart(8, '0')
  const time = new Date(1_750_000_000_000 + i * 7).toISOString()
  return `${time} INFO ${words[i % 8]} /api/items/${mixed} trace=${other}${mixed} took ${i % 977} ms`.padEnd(99, '.').slice(0, 99)
}

async function writeLines(path: string): Promise<void> {
  const file = await open(path, 'w')
  for (let i = 0; i < lineCount; i += 10_000) {
    await file.write(`${Array.from({ length: 10_000 }, (_, k) => logLine(i + k)).join('\n')}\n`)
  }
  await file.close()
}

/** Runs the step once; `take` gets its output. Returns its length in milliseconds. */
async function step(world: StreamWorld, take: OnOutput): Promise<number> {
  const executor = processExecutor(world.dataDir)
  const workspace = await executor.prepare('bench')
  const spec = { key: 'bench/1m', workspace, command: ['cat', join(world.dataDir, 'lines.txt')], timeoutMs: 120_000 }
  const { outcome, exitCode, durationMs } = await executor.run(spec, take)
  if (outcome !== 'exited' || exitCode !== 0) throw new Error(`the step ended with ${outcome} ${exitCode}`)
  return durationMs
}

/** Watches for the highest resident memory; gives by how many megabytes it went above `before`. */
function watchMemory(before: number) {
  let peak = process.memoryUsage.rss()
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 5)
  return () => {
    clearInterval(timer)
    return (Math.max(peak, process.memoryUsage.rss()) - before) / 1e6
  }
}

async function once(world: StreamWorld, restingBytes: number) {
  const streamId = await createStream(world.projectId, 'build')
  const console = openConsole(world.projectId, streamId, 'print')
  const memory = watchMemory(restingBytes)
  const started = performance.now()
  await step(world, (chunk) => console.bytes(chunk))
  const ended = performance.now()
  console.release()
  await settleConsole(streamId)
  const { head, chunks } = await readStream(world.projectId, { streamId, from: lineCount, limit: 1 })
  const readable = performance.now()
  const last = chunks.at(-1)?.text?.split('\n').at(-1)
  if (head.nextSeq !== lineCount + 1 || last !== logLine(lineCount - 1)) throw new Error('lines are missing from the stream')
  const growth = memory()
  await deleteStreamsOf(world.projectId, [streamId])
  return { rate: (lineCount / (readable - started)) * 1_000, lag: readable - ended, memory: growth }
}

export const bench: Bench = {
  id: 'console-1m',
  about: 'a step prints 1,000,000 lines of 100 bytes into the sealed stream, beside the same step whose output is thrown away',
  async run() {
    const world = await streamWorld()
    try {
      await writeFile(join(world.dataDir, 'lines.txt'), '')
      await writeLines(join(world.dataDir, 'lines.txt'))
      const restingBytes = process.memoryUsage.rss()
      const bare: number[] = []
      const measured: Awaited<ReturnType<typeof once>>[] = []
      for (let i = 0; i <= runs; i++) {
        bare.push((lineCount / (await step(world, () => undefined))) * 1_000)
        measured.push(await once(world, restingBytes))
      }
      // The first of each warms up. Memory counts from before it, since what a first run takes is not given back.
      const [, ...kept] = measured
      return [
        { what: 'rate', unit: 'lines/s', runs: kept.map(({ rate }) => rate), baseline: bare.slice(1), goal: { atLeast: 1_000_000 } },
        { what: 'lag', unit: 'ms', runs: kept.map(({ lag }) => lag), baseline: null, goal: { atMost: 200 } },
        { what: 'memory', unit: 'MB', runs: measured.map(({ memory }) => memory), baseline: null, goal: { atMost: 150 } },
      ]
    } finally {
      await world.stop()
    }
  },
}
