import { type BareNode, bareNode, fiveSpawns, timed } from './bare.ts'
import type { Bench } from './types.ts'
import { type BuildWorld, buildWorld, scripts } from './world.ts'

const runs = 5
const builds = 100
const minuteMs = 60_000
const definition = scripts('process', 'true', 'true', 'true', 'true', 'true')

const perMinute = (ms: number) => (builds / ms) * minuteMs

/** From the first request to the stored end of the last build. */
async function queue(world: BuildWorld): Promise<number> {
  const took = await timed(async () => {
    const numbers = await Promise.all(Array.from({ length: builds }, () => world.request(definition)))
    await Promise.all(numbers.map((number) => world.over(number)))
  })
  await world.idle()
  return perMinute(took)
}

/** As many commands, by as many Node processes as there are executors. */
async function bare(nodes: BareNode[]): Promise<number> {
  let left = builds
  const work = async (node: BareNode) => {
    while (left-- > 0) await fiveSpawns(node)
  }
  return perMinute(await timed(() => Promise.all(nodes.map(work))))
}

export const bench: Bench = {
  id: 'queue-100',
  about:
    '100 builds of five `true` steps are requested at once and run as plain processes (as root: as nobody) on two executors of one server, from the ' +
    'first request to the last stored end, beside `true` started 500 times by two Node processes that do nothing else',
  async run() {
    const world = await buildWorld()
    const nodes = [bareNode(), bareNode()]
    try {
      const rates: number[] = []
      const baseline: number[] = []
      for (let i = 0; i <= runs; i++) {
        baseline.push(await bare(nodes))
        rates.push(await queue(world))
      }
      // The first of each warms up.
      return [{ what: 'rate', unit: 'builds/min', runs: rates.slice(1), baseline: baseline.slice(1), goal: { atLeast: 1_000 } }]
    } finally {
      for (const node of nodes) node.stop()
      await world.stop()
    }
  },
}
