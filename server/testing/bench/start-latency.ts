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

/** Milliseconds from the event to the step's own word that it runs. */
async function latency(world: BuildWorld): Promise<number> {
  const { number, streamId, send } = await world.silent(definition)
  await delay(pauseMs)
  const sentAt = now()
  await send()
  await world.over(number)
  const { chunks } = await readStream(world.projectId, { streamId, from: 1, limit: 100 })
  await world.idle()
  return printed(chunks.map(({ text }) => text).join('\n')) - sentAt
}

async function bare(node: BareNode): Promise<number> {
  await delay(pauseMs)
  const { startedAt, said } = await node.run(['sh', '-c', script])
  return printed(said[0] ?? '') - startedAt
}

export const bench: Bench = {
  id: 'start-latency',
  about:
    "a build's event is sent to an idle server -> the command of its first step runs as a plain process (as root: as nobody) and says so, beside the " +
    'same command started by a Node process that does nothing else; both include what it costs to start a shell that becomes `date`',
  async run() {
    const world = await buildWorld()
    const node = bareNode()
    try {
      const through: number[][] = []
      const direct: number[][] = []
      for (let i = 0; i < buildsPerRun; i++) await latency(world)
      for (let run = 0; run < runs; run++) {
        const [own, plain]: [number[], number[]] = [[], []]
        for (let i = 0; i < buildsPerRun; i++) {
          plain.push(await bare(node))
          own.push(await latency(world))
        }
        through.push(own)
        direct.push(plain)
      }
      const at = (share: number) => ({
        unit: 'ms',
        runs: through.map((delays) => percentile(delays, share)),
        baseline: direct.map((delays) => percentile(delays, share)),
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
