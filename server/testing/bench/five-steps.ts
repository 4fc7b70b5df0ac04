import { buildWorld, fiveSpawns } from '../build-world.ts'
import type { Bench, Figure } from './types.ts'

const runs = 9

/** A build of five `true` steps, from its request to its end, beside five bare spawns in the same breath. */
export const bench: Bench = {
  id: 'five-steps',
  about: 'a build of five steps that do nothing, as a multiple of five bare spawns',
  async run() {
    const world = await buildWorld()
    const figures: Figure[] = []
    for (const [executor, atMost] of [
      ['process', 5],
      ['sandbox', 8],
    ] as const) {
      await world.time({ builds: 3, executor })
      const figure: Figure = { what: executor, unit: 'x', runs: [], baseline: null, goal: { atMost } }
      for (let run = 0; run < runs; run++) {
        const bare = await fiveSpawns()
        figure.runs.push((await world.time({ builds: 1, executor })) / bare)
      }
      figures.push(figure)
    }
    await world.stop()
    return figures
  },
}
