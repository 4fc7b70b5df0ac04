import { setStage } from './chats/stage.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
const chats = 100
const [words, rate] = [150, 20]

export const bench: Bench = {
  id: 'chat-added',
  about:
    `from the model's event to the watching browser's frame, ${chats} chats streaming at once, ${rate} events/s each: by the AI server, the loop, redaction, ` +
    'the record and the socket; beside a Socket.IO server that sends the same marks itself',
  async run() {
    const stage = await setStage(chats)
    try {
      const [ours, bare]: [number[][], number[][]] = [[], []]
      for (let run = 0; run <= runs; run++) {
        bare.push((await stage.stream(stage.bare, chats, words, rate)).delays)
        await stage.leave()
        ours.push((await stage.stream(stage.ours, chats, words, rate)).delays)
        await stage.leave()
      }
      const at = (share: number) => ({
        unit: 'ms',
        runs: ours.slice(1).map((delays) => percentile(delays, share)),
        baseline: bare.slice(1).map((delays) => percentile(delays, share)),
      })
      return [
        { what: 'p50', ...at(0.5), goal: { atMost: 8 } },
        { what: 'p95', ...at(0.95), goal: { atMost: 30 } },
      ]
    } finally {
      await stage.end()
    }
  },
}
