import { setTimeout as delay } from 'node:timers/promises'
import { projectTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { activeKeyId, keysOf, writersKeepKeyMs } from '@/server/vault/service.ts'
import * as data from '../data.ts'
import { beginning, isStale, positionOf, writePosition } from '../rules.ts'
import { roundsKept } from '../schema.ts'
import { sourcesOf } from '../sources/all.ts'
import type { Scope, Source, Taken } from '../sources/types.ts'
import type { Outcome, Position, Stretch } from './types.ts'

const usualSliceBytes = 8 * 1024 * 1024
/** Clocks of nodes differ, and what was sealed a moment ago may be stored a moment later. */
const slackMs = 5_000
/** Progress is stored this often: what was done since and is not in it is passed over quickly by whoever goes on. */
const saveEveryMs = 250
/** Pages hear of progress this often at most. */
const tellEveryMs = 1_000

const now = () => registry('clock').now()

/** A round while this process works on it. Its row is the truth: whoever else changes it ends this. */
interface Hand {
  id: string
  scope: Scope
  seen: Date
  progress: data.Progress
  position: Position
  savedAt: number
  toldAt: number
}

/** Stores how far the round is; false where it is this process's no more. */
async function save(hand: Hand, end?: 'DONE'): Promise<boolean> {
  // Later than before by a millisecond at least: the heartbeat is what tells two hands apart.
  const at = new Date(Math.max(now(), hand.seen.getTime() + 1))
  hand.progress.cursor = writePosition(hand.position)
  if (!(await data.saveRound(hand.id, hand.seen, at, hand.progress, end))) return false
  hand.seen = at
  hand.savedAt = performance.now()
  if (end || now() - hand.toldAt >= tellEveryMs) {
    hand.toldAt = now()
    if (hand.scope) registry('hub').publish(projectTopic(hand.scope), { kind: 'keys' })
  }
  return true
}

/** Takes the round's row; null where it is over, or another hand takes it at this moment. */
async function takeUp(scope: Scope, roundId: string): Promise<Hand | null> {
  const round = await data.findRound(roundId)
  if (round?.state !== 'RUNNING' || round.projectId !== scope) return null
  const { source, cursor } = round
  const [total, done, resealed, bytes, unreadable] = [round.total, round.done, round.resealed, round.bytes, round.unreadable].map(Number)
  const progress = { source, cursor, total, done, resealed, bytes, unreadable } as data.Progress
  const hand = {
    id: round.id,
    scope,
    seen: round.heartbeatAt,
    progress,
    position: positionOf(cursor) ?? beginning(now()),
    savedAt: 0,
    toldAt: 0,
  }
  return (await save(hand)) ? hand : null
}

/** Counts what is to be done. */
async function count(hand: Hand, sources: readonly Source[], activeId: string): Promise<void> {
  let total = 0
  for (const source of sources) for (const tally of await source.tally(hand.scope)) if (isStale(tally, activeId)) total += tally.rows
  hand.progress.total = total
  hand.progress.source = sources[0]?.name ?? null
  hand.position = { ...beginning(now()), workedMs: hand.position.workedMs }
}

/** Seals one slice anew and writes down what came of it. */
async function workOn(hand: Hand, taken: Taken): Promise<void> {
  const { rows, resealed, bytes, unreadable } = await taken.work()
  const { progress, position } = hand
  progress.resealed += resealed
  progress.bytes += bytes
  // A later pass meets again what no key opens; it was counted by the first.
  progress.done += position.pass === 1 ? rows : resealed
  position.found += resealed
  position.unreadable += unreadable
  progress.unreadable = position.pass === 1 ? position.unreadable : Math.max(progress.unreadable, position.unreadable)
  position.after = taken.next
}

/** What a hand has for its work: the sources in order, the key to seal with, and until when. */
interface Work {
  sources: readonly Source[]
  activeId: string
  until: number
  bytesPerSecond: number
  sliceBytes: number
}

/** Walks one source from where the round is; `gone` where the round is this hand's no more. */
async function walk(hand: Hand, source: Source, work: Work): Promise<'walked' | 'time' | 'gone'> {
  const bytes = Math.ceil(Math.min(work.sliceBytes, work.bytesPerSecond))
  const take = (after: string | null) => source.take(hand.scope, { keyId: work.activeId, after, bytes })
  let ahead = take(hand.position.after)
  for (;;) {
    const started = performance.now()
    const taken = await ahead
    if (taken.next === null) return 'walked'
    // The next rows are read while these are sealed and stored.
    ahead = take(taken.next)
    ahead.catch(() => undefined)
    await workOn(hand, taken)
    const restMs = (taken.bytes / work.bytesPerSecond) * 1_000 - (performance.now() - started)
    if (restMs > 1) await delay(restMs)
    hand.position.workedMs += performance.now() - started
    const timeIsUp = performance.now() >= work.until
    if (!timeIsUp && performance.now() - hand.savedAt < saveEveryMs) continue
    if (!(await save(hand))) return 'gone'
    if (!timeIsUp) continue
    await ahead.catch(() => undefined)
    return 'time'
  }
}

/** Goes from source to source to the end of the pass. */
async function pass(hand: Hand, work: Work): Promise<'over' | 'time' | 'gone'> {
  let at = Math.max(
    0,
    work.sources.findIndex(({ name }) => name === hand.progress.source),
  )
  for (let source = work.sources[at]; source; source = work.sources[++at]) {
    if (hand.progress.source !== source.name) hand.position.after = null
    hand.progress.source = source.name
    const end = await walk(hand, source, work)
    if (end !== 'walked') return end
  }
  return 'over'
}

/** When everybody who seals has long taken notice of the active key. */
async function settledAt(scope: Scope): Promise<number> {
  const active = (await keysOf(scope)).find(({ state }) => state === 'ACTIVE')
  return active ? Date.parse(active.createdAt) + writersKeepKeyMs + slackMs : 0
}

/**
 * Works at a round for a while. It ends with a pass that found nothing, begun after every writer had taken notice of the active key; until
 * then there is one pass more. Whatever cuts it short, the next stretch goes on after the last slice that was stored.
 */
export async function workAtRound(scope: Scope, roundId: string, stretch: Stretch): Promise<Outcome> {
  const hand = await takeUp(scope, roundId)
  if (!hand) return { over: true, waitMs: 0 }
  const sources = sourcesOf(scope)
  const { forMs, bytesPerSecond, sliceBytes = usualSliceBytes } = stretch
  const work = { sources, activeId: await activeKeyId(scope), until: performance.now() + forMs, bytesPerSecond, sliceBytes }
  if (hand.progress.source === null) await count(hand, sources, work.activeId)
  for (;;) {
    const early = hand.position.since - now()
    if (early > 0) return { over: false, waitMs: early }
    const end = await pass(hand, work)
    if (end !== 'over') return { over: end === 'gone', waitMs: 0 }
    const settled = await settledAt(scope)
    if (hand.position.found === 0 && hand.position.since >= settled) {
      // What was removed meanwhile, or sealed by a hand that was cut off, is done as well.
      hand.progress.done = Math.max(hand.progress.done, hand.progress.total)
      await save(hand, 'DONE')
      await data.pruneRounds(scope, roundsKept)
      return { over: true, waitMs: 0 }
    }
    hand.position = { ...beginning(now()), pass: hand.position.pass + 1, workedMs: hand.position.workedMs }
    hand.progress.source = sources[0]?.name ?? null
    // What begins too early cannot be the last pass: it begins when it can be.
    hand.position.since = Math.max(settled, now())
    if (!(await save(hand))) return { over: true, waitMs: 0 }
    if (performance.now() >= work.until) return { over: false, waitMs: 0 }
  }
}
