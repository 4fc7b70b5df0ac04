import { setStage } from './chats/stage.ts'
import { percentile } from './figures.ts'
import type { Bench } from './types.ts'

const runs = 5
const [connections, chats] = [1_000, 100]
const [words, rate] = [250, 50]
const megabyte = 1024 * 1024

export const bench: Bench = {
  id: 'chat-1000',
  about:
    `${connections.toLocaleString('en')} sockets connected, ${chats} of their chats streaming at ${rate} events/s each: events lost, doubled or out of order, the time from the ` +
    "model's event to the browser's frame, and memory (heap and buffers, after a collection) for the connections; beside a Socket.IO server that sends the same marks itself",
  async run() {
    const stage = await setStage(chats)
    try {
      const figures = {
        lost: [] as number[],
        p95: [] as number[],
        bareP95: [] as number[],
        memory: [] as number[],
        bareMemory: [] as number[],
      }
      // What is made once, with the first thousand, is no connection's own.
      for (const side of [stage.bare, stage.ours]) {
        await stage.connect(side, connections - chats)
        await stage.stream(side, chats, 20, rate)
        await stage.leave()
      }
      for (let run = 0; run < runs; run++)
        for (const side of [stage.bare, stage.ours]) {
          const before = await stage.memory(side)
          await stage.connect(side, connections - chats)
          const held = ((await stage.memory(side)) - before) / megabyte / ((connections - chats) / 1_000)
          const { delays, lost } = await stage.stream(side, chats, words, rate)
          await stage.leave()
          ;(side.bare ? figures.bareMemory : figures.memory).push(held)
          ;(side.bare ? figures.bareP95 : figures.p95).push(percentile(delays, 0.95))
          if (!side.bare) figures.lost.push(lost)
        }
      return [
        { what: 'lost', unit: 'events', runs: figures.lost, baseline: null, goal: { atMost: 0 } },
        { what: 'p95', unit: 'ms', runs: figures.p95, baseline: figures.bareP95, goal: { atMost: 150 } },
        { what: 'memory', unit: 'MB', runs: figures.memory, baseline: figures.bareMemory, goal: { atMost: 60 } },
      ]
    } finally {
      await stage.end()
    }
  },
}
