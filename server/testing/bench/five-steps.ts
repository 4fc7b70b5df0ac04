import { type BareNode, bareNode, fiveSpawns, ownSpawns, timed } from './bare.ts'
import { median } from './figures.ts'
import type { Bench, Figure } from './types.ts'
import { type BuildWorld, buildWorld, scripts } from './world.ts'

const runs = 7
const buildsPerRun = 6
const steps = ['true', 'true', 'true', 'true', 'true']

/** From the request to the moment when the build is stored as over. */
async function build(world: BuildWorld, executor: 'process' | 'sandbox'): Promise<number> {
  const took = await timed(async () => world.over(await world.request(scripts(executor, ...steps))))
  await world.idle()
  return took
}

/** One run: bare spawns and builds take turns, so that what else the machine does falls on all of them. */
async function once(world: BuildWorld, node: BareNode) {
  const bare: number[] = []
  const small: number[] = []
  const took = { process: [] as number[], sandbox: [] as number[] }
  for (let i = 0; i < buildsPerRun; i++) {
    bare.push(await ownSpawns())
    small.push(await fiveSpawns(node))
    took.process.push(await build(world, 'process'))
    took.sandbox.push(await build(world, 'sandbox'))
  }
  return { bare: median(bare), small: median(small), process: median(took.process), sandbox: median(took.sandbox) }
}

type Run = Awaited<ReturnType<typeof once>>

export const bench: Bench = {
  id: 'five-steps',
  about:
    'a build of five `true` steps, from its request to its stored end, one at a time (each step with a shell, rows and console lines of its own; ' +
    'as root `process` runs as nobody), as a multiple of `true` started five times by the process that runs the builds: starting a program costs a process more, the more memory it has',
  async run() {
    const world = await buildWorld()
    const node = bareNode()
    try {
      await once(world, node)
      const measured: Run[] = []
      for (let i = 0; i < runs; i++) measured.push(await once(world, node))
      const ms = (what: keyof Run) => `${median(measured.map((run) => run[what])).toFixed(1)} ms`
      const figure = (what: 'process' | 'sandbox', atMost: number): Figure => ({
        what,
        unit: 'times',
        runs: measured.map((run) => run[what] / run.bare),
        baseline: measured.map(() => 1),
        goal: { atMost },
        note: `${ms(what)} beside ${ms('bare')}; five spawns take a small process ${ms('small')}`,
      })
      return [figure('process', 5), figure('sandbox', 8)]
    } finally {
      node.stop()
      await world.stop()
    }
  },
}
