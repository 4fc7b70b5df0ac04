import { buildWorld, fiveSpawns } from '../build-world.ts'
import type { Bench, Figure } from './types.ts'

const builds = 100
const runs = 5

/** A hundred builds of five steps asked for at once, run two at a time. */
export const bench: Bench = {
  id: 'queue-100',
  about: 'a hundred queued builds of five steps on two executors, beside the bare spawns of as many steps, two at a time',
  async run() {
    const world = await buildWorld()
    const rate: Figure = { what: 'rate', unit: 'builds/min', runs: [], baseline: [], goal: { atLeast: 1_000 } }
    await world.time({ builds: 5, executor: 'process' })
    for (let run = 0; run < runs; run++) {
      const [one, two] = await Promise.all([fiveSpawns(), fiveSpawns()])
      rate.baseline?.push((2 * 60_000) / Math.max(one, two))
      rate.runs.push((60_000 * builds) / (await world.time({ builds, executor: 'process' })))
    }
    await world.stop()
    return [rate]
  },
}
