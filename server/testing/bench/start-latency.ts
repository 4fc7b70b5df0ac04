import { setTimeout as delay } from 'node:timers/promises'
import { readStream } from '@/server/streams/service.ts'
import { type BareNode, bareNode } from './bare.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'
import { type BuildWorld, buildWorld, scripts } from './world.ts'

const runs = 5
const buildsPerRun = 40
const pauseMs = 30

/** What the step runs: it prints when it runs, in nanoseconds since the epoch. */
const script = 'exec date +%s%N'
const definition = scripts('process', script)

const now = () => performance.timeOrigin + performance.now()
const printed = (text: string) => Number(/^\d{19}$/m.exec(text)?.[0]) / 1e6

/** Milliseconds from the event to the start of the step, and to the first word of its command. */
async function latency(world: BuildWorld): Promise<{ step: number; word: number }> {
  const { number, streamId, send } = await world.silent(definition)
  await delay(pauseMs)
  const sentAt = now()
  await send()
  await world.over(number)
  const { chunks } = await readStream(world.projectId, { streamId, from: 1, limit: 100 })
  // The record is cut to whole milliseconds; one more is surely not too little.
  const step = (await world.firstStep(number)) + 1 - sentAt
  await world.idle()
  return { step, word: printed(chunks.map(({ text }) => text).join('\n')) - sentAt }
}

async function bare(node: BareNode): Promise<number> {
  await delay(pauseMs)
  const { startedAt, said } = await node.run(['sh', '-c', script])
  return printed(said[0] ?? '') - startedAt
}

export const bench: Bench = {
  id: 'start-latency',
  about:
    "a build's event is sent to an idle server -> its first step starts, by the step's own record; in brackets, until its command (a shell that becomes " +
    '`date`, a plain process, as root as nobody) says its first word; beside the first word of the same command from a Node process that does nothing else',
  async run() {
    const world = await buildWorld()
    const node = bareNode()
    try {
      const through: { step: number; word: number }[][] = []
      const direct: number[][] = []
      for (let i = 0; i < buildsPerRun; i++) await latency(world)
      for (let run = 0; run < runs; run++) {
        const own: { step: number; word: number }[] = []
        const plain: number[] = []
        for (let i = 0; i < buildsPerRun; i++) {
          plain.push(await bare(node))
          own.push(await latency(world))
        }
        through.push(own)
        direct.push(plain)
      }
      const at = (share: number) => ({
        unit: 'ms',
        runs: through.map((delays) =>
          percentile(
            delays.map(({ step }) => step),
            share,
          ),
        ),
        baseline: direct.map((delays) => percentile(delays, share)),
        note: `first word after ${percentile(
          through.flat().map(({ word }) => word),
          share,
        ).toFixed(1)} ms`,
      })
      return [
        { what: 'p50', ...at(0.5), goal: { atMost: 15 } },
        { what: 'p95', ...at(0.95), goal: { atMost: 40 } },
      ]
    } finally {
      node.stop()
      await world.stop()
    }
  },
}
