import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { env } from '@/server/core/env.ts'
import { isAppError } from '@/server/core/errors.ts'
import { actorFromEvent, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { chatTopic, runsTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { directoryHash } from '@/server/core/paths.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { makeFold } from '../live/fold.ts'
import { readEvents } from '../live/stored.ts'
import { heartbeatMs, runsPerProcess, silentMs, waitingPerProcess } from '../rules.ts'
import { settleRun } from './ending.ts'
import { executeRun, openCalls } from './execute.ts'
import { type EndReason, RunEnd, type Runner } from './types.ts'

/** How often a run that breaks at its very beginning is taken up. */
const attemptsMost = 4

interface Held {
  controller: AbortController
  /** It waits for a person's word, and holds no place of those that work. */
  waiting: boolean
  done: Promise<void>
}

/** The name of this installation; behind it stands a mark of this process's own. */
const installation = () => `${hostname().slice(0, 60)}/${directoryHash(env().MAESTRO_DATA_DIR)}`

/** What a run's stream has of its answer; nothing where no key opens that. */
async function saidSoFar(spaceId: ProjectId, streamId: string) {
  const fold = makeFold()
  try {
    for (const event of (await readEvents(spaceId, streamId, 0, Number.POSITIVE_INFINITY)).events) fold.take(event)
  } catch (error) {
    if (!isAppError(error)) throw error
  }
  for (const index of openCalls(fold.parts)) fold.take({ type: 'patch', index, patch: { state: 'interrupted' } })
  return { parts: fold.parts, usage: fold.state.usage }
}

/** A run that cannot even be opened is over: nobody would come further. Its answer is over with it, or its page would wait for ever. */
async function giveUp(row: data.RunRow, node: string, err: unknown): Promise<void> {
  logger.error({ err, runId: row.id }, 'a run could not be taken up')
  const failure = isAppError(err) && err.key === 'runUnreadable' ? 'unreadable' : 'internal'
  // A database that is away for a moment ends no run: it is let go, and taken up again.
  if (row.attempt < attemptsMost && failure !== 'unreadable') return void (await data.releaseRun(node, row.id, true))
  const spaceId = await spaceForActor(actorFromEvent({ userId: row.ownerId }))
  await settleRun({ row, node, spaceId, said: await saidSoFar(spaceId, row.streamId) }, { state: 'failed', failure })
}

/** What ends a run from outside while it is at work here. */
function watch(row: data.RunRow, end: (reason: EndReason) => void): () => void {
  const look = async () => {
    if (await data.stopAsked(row.id)) end('stopped')
    const status = await data.sessionStatus(row.sessionId)
    if (status === null || status === 'CLOSED') end('closed')
  }
  return registry('hub').subscribe(chatTopic(row.sessionId), ({ kind, runId, resync }) => {
    if (kind === 'session' || resync || (kind === 'stop' && runId === row.id)) void look().catch(() => undefined)
  })
}

/**
 * Takes up the runs that wait, at once when one is told of, else at the next look, and says every few seconds that they go on.
 * @param successor whether this process follows another of the same installation, whose runs are then its own
 */
export function startRunner({ successor = false, capacity = runsPerProcess } = {}): Runner {
  const node = `${installation()}#${randomUUID()}`
  const held = new Map<string, Held>()
  let former = successor ? installation() : null
  let claiming: Promise<void> | null = null
  let again = false
  let stopping = false

  function take(row: data.RunRow): void {
    const controller = new AbortController()
    const end = (reason: EndReason) => controller.abort(new RunEnd(reason))
    const leave = watch(row, end)
    const work = async () => {
      try {
        // Whatever it was that ended so many processes, the next one need not find out.
        if (row.attempt > attemptsMost) throw new Error('a run was taken up again and again')
        if (!(await executeRun(row, node, { signal: controller.signal, onWaiting }))) await data.releaseRun(node, row.id, false)
      } catch (err) {
        await giveUp(row, node, err).catch(() => undefined)
      } finally {
        leave()
        held.delete(row.id)
      }
      if (!stopping) look()
    }
    const place: Held = { controller, waiting: false, done: Promise.resolve() }
    const onWaiting = (waiting: boolean) => {
      place.waiting = waiting
      if (waiting && !stopping) look()
    }
    held.set(row.id, place)
    place.done = work()
  }

  async function claim(): Promise<void> {
    const now = registry('clock').now()
    const working = [...held.values()].filter(({ waiting }) => !waiting).length
    const limit = Math.min(capacity - working, capacity + waitingPerProcess - held.size)
    if (stopping || limit <= 0) return
    const rows = await data.claimRuns({
      node,
      held: [...held.keys()],
      former,
      now: new Date(now),
      silentBefore: new Date(now - silentMs),
      limit,
    })
    former = null
    for (const row of rows) take(row)
  }

  function look(): void {
    if (claiming) {
      again = true
      return
    }
    claiming = claim()
      .catch((err) => logger.error({ err }, 'runs could not be looked for'))
      .finally(() => {
        claiming = null
        if (again && !stopping) look()
        again = false
      })
  }

  async function beat(): Promise<void> {
    const ids = [...held.keys()]
    if (ids.length > 0) {
      const ours = await data.heartbeat(node, ids, new Date(registry('clock').now()))
      // Whoever fell silent for too long finds that somebody else went on.
      for (const id of ids) {
        const ending = ours.get(id)
        if (ending) held.get(id)?.controller.abort(new RunEnd(ending))
        else if (ending === undefined) void checkLost(id).catch((err) => logger.warn({ err }, 'a run could not be looked at'))
      }
    }
    look()
  }

  async function checkLost(id: string): Promise<void> {
    if (await data.isHeldBy(id, node)) return
    held.get(id)?.controller.abort(new RunEnd('lost'))
  }

  const leave = registry('hub').subscribe(runsTopic, look)
  const timer = setInterval(() => void beat().catch((err) => logger.warn({ err }, 'runs could not be kept')), heartbeatMs)
  look()
  return {
    get running() {
      return held.size
    },
    async stop() {
      stopping = true
      leave()
      clearInterval(timer)
      await claiming
      for (const { controller } of held.values()) controller.abort(new RunEnd('closing'))
      await Promise.allSettled([...held.values()].map(({ done }) => done))
    },
  }
}
