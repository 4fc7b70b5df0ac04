import { randomUUID } from 'node:crypto'
import type { Clock } from '@/server/core/clock.ts'
import { type TerminalEnd, terminalLimits } from '../schema.ts'
import { makeRing } from './ring.ts'
import type { Seat, Shell, Size, Terminal, Watcher } from './types.ts'

/** So much is sent ahead of what a page has shown. */
const aheadBytes = 96 * 1024
/** Whoever shows nothing for so long holds nobody else up any more. */
const patienceMs = 5_000
/** Output is read in turns: a program that never stops talking gets no more of this process's time. */
const turn = { bytes: 64 * 1024, everyMs: 10 }

interface Sitting {
  watcher: Watcher
  size: Size
  sent: number
  seen: number
  seenAt: number
}

interface Options {
  sessionId: string
  clock: Clock
  start(hooks: { onOutput(data: Buffer): void; onExit(exitCode: number | null): void }): Promise<Shell>
  /** It said something. */
  onActivity(): void
  onEnd(id: string): void
}

/** The smallest of the sizes, so that each of several pages shows all of it. */
const smallest = (sizes: Size[]): Size => ({
  cols: Math.min(...sizes.map(({ cols }) => cols)),
  rows: Math.min(...sizes.map(({ rows }) => rows)),
})

/** Gives each watcher what it lacks, and says whether the program has to wait for one of them. */
function makeAudience(clock: Clock) {
  const ring = makeRing(terminalLimits.scrollbackBytes)
  const sittings = new Set<Sitting>()
  const feed = (sitting: Sitting) => {
    const room = sitting.seen + aheadBytes - sitting.sent
    if (room <= 0 || sitting.sent === ring.end()) return
    // From here on it is waited for.
    if (sitting.seen === sitting.sent) sitting.seenAt = clock.now()
    const piece = ring.after(sitting.sent, room)
    // What is kept no more will never be shown: nobody waits for it.
    if (piece.at > sitting.sent) sitting.seen = piece.at
    sitting.sent = piece.at + piece.data.length
    sitting.watcher.output(piece)
  }
  return {
    ring,
    sittings,
    feed,
    hear(data: Buffer): void {
      ring.add(data)
      sittings.forEach(feed)
    },
    isBehind: () =>
      [...sittings].some(({ sent, seen, seenAt }) => (sent < ring.end() || sent - seen >= aheadBytes) && clock.now() - seenAt < patienceMs),
  }
}

/** Starts a terminal. Its output is kept, bounded, so that a page that comes back misses nothing and is shown nothing twice. */
export async function openTerminal({ sessionId, clock, start, onActivity, onEnd }: Options): Promise<Terminal> {
  const { ring, sittings, feed, hear, isBehind } = makeAudience(clock)
  const [id, startedAt] = [randomUUID(), clock.now()]
  let [usedAt, why] = [startedAt, 'exit' as TerminalEnd]
  let over: { exitCode: number | null; why: TerminalEnd } | null = null
  let [taken, paused] = [0, false]
  const regulate = () => {
    taken = Math.max(0, taken - turn.bytes)
    const wait = taken >= turn.bytes || isBehind()
    if (wait !== paused) shell[wait ? 'pause' : 'resume']()
    paused = wait
  }
  const onOutput = (data: Buffer) => {
    taken += data.length
    if (sittings.size > 0) usedAt = clock.now()
    hear(data)
    onActivity()
    if (!paused && (taken >= turn.bytes || isBehind())) {
      shell.pause()
      paused = true
    }
  }
  const timer = setInterval(() => (paused || taken > 0) && regulate(), turn.everyMs)
  timer.unref()
  const onExit = (exitCode: number | null) => {
    clearInterval(timer)
    over = { exitCode, why }
    for (const { watcher } of sittings) watcher.ended(over)
    sittings.clear()
    onEnd(id)
  }
  const shell = await start({ onOutput, onExit })
  const adapt = () => void (sittings.size > 0 && !over && shell.resize(smallest([...sittings].map(({ size }) => size))))

  function seatOf(sitting: Sitting): Seat {
    return {
      seen(at) {
        sitting.seen = Math.min(Math.max(sitting.seen, at), sitting.sent)
        sitting.seenAt = clock.now()
        feed(sitting)
        if (paused && !over) regulate()
      },
      resize(size) {
        sitting.size = size
        adapt()
      },
      leave() {
        if (sittings.delete(sitting)) adapt()
      },
    }
  }
  return {
    ...{ id, sessionId, startedAt },
    usedAt: () => usedAt,
    isOver: () => over !== null,
    write(data) {
      usedAt = clock.now()
      if (!over) shell.write(data)
    },
    watch(watcher, size, after) {
      usedAt = clock.now()
      const piece = ring.after(after)
      const sent = piece.at + piece.data.length
      const sitting: Sitting = { watcher, size, sent, seen: sent, seenAt: clock.now() }
      if (over) setImmediate(watcher.ended, over)
      else sittings.add(sitting)
      adapt()
      return { seat: seatOf(sitting), piece }
    },
    end(reason) {
      why = reason
      shell.kill()
    },
  }
}
