import { bareNext } from './bare-next.ts'
import { median } from './figures.ts'
import { inTurns, type Load, load, type Target } from './load.ts'
import { type Site, site } from './site.ts'
import type { Figure } from './types.ts'

const runs = 5
const seconds = 3

const words = (loads: Load[]) =>
  `${Math.round(median(loads.map(({ rate }) => rate)))}/s, p95 ${median(loads.map(({ p95 }) => p95)).toFixed(1)} ms`

/** The rate of ours as a share of the bare one's, turn by turn; both rates and their p95 stand in the note. */
export async function ratio(own: Target, bare: Target, atLeast: number, beside: string): Promise<Figure> {
  const loads = await inTurns(own, bare, runs, seconds)
  return {
    what: 'ratio',
    unit: 'times',
    runs: loads.own.map(({ rate }, at) => rate / (loads.bare[at]?.rate ?? Number.NaN)),
    baseline: loads.own.map(() => 1),
    goal: { atLeast },
    note: `${words(loads.own)} beside ${words(loads.bare)} of ${beside}`,
  }
}

/**
 * A page of Maestro beside a bare page of Next. A page is not drawn anew while every answer it was drawn from stands; the note tells its rate when it is.
 */
export async function besideBarePage(target: (maestro: Site) => Target, atLeast: number): Promise<Figure[]> {
  const maestro = await site()
  try {
    const bare = await bareNext()
    try {
      const own = target(maestro)
      const figure = await ratio(own, bare.target, atLeast, `the bare page by ${bare.how}`)
      const anew = await load({ ...own, headers: { ...own.headers, 'cache-control': 'no-cache' } }, seconds)
      return [{ ...figure, note: `${figure.note}; drawn anew at each request ${words([anew])}` }]
    } finally {
      await bare.stop()
    }
  } finally {
    await maestro.stop()
  }
}
