import { setStage } from './chats/stage.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
/** Until then programs are compiled while they run, the client's above all. */
const warmUps = 5
const parallel = 100

export const bench: Bench = {
  id: 'socket-connect',
  about: `a socket connects with its session, ${parallel} at once, beside a server of nothing but Socket.IO; server and clients are processes of their own`,
  async run() {
    const stage = await setStage(parallel)
    try {
      const [ours, bare]: [number[], number[]] = [[], []]
      for (let run = 0; run < warmUps + runs; run++) {
        bare.push(percentile(await stage.connect(stage.bare, parallel), 0.95))
        await stage.leave()
        ours.push(percentile(await stage.connect(stage.ours, parallel), 0.95))
        await stage.leave()
      }
      const [own, beside] = [ours.slice(warmUps), bare.slice(warmUps)]
      const three = Math.round(Math.min(60, 3 * percentile(beside, 0.5)))
      return [
        {
          what: 'p95',
          unit: 'ms',
          runs: own,
          baseline: beside,
          goal: { atMost: three },
          note: 'the goal: 60 ms, and three times the bare server’s',
        },
      ]
    } finally {
      await stage.end()
    }
  },
}
