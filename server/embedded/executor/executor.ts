import type { Inngest, InngestFunction } from 'inngest'
import { serve } from 'inngest/edge'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '@/server/core/clock.ts'
import { connectInngest } from '@/server/core/inngest.ts'
import { type CallContext, holdOf, work } from './calls.ts'
import {
  cancelRuns,
  claim,
  giveBack,
  hasOpenRun,
  insertRuns,
  inTransaction,
  nextDue,
  openJobs,
  prolong,
  runningRuns,
  sweep,
} from './data.ts'
import { cancellable, cancels, type IncomingEvent, type Payload, readEvents, runsAfter, runsOf } from './events.ts'
import { type Handler, registerFunctions } from './registration.ts'
import { makeTransport } from './transport.ts'
import type { Job, Settings } from './types.ts'

export interface ExecutorOptions extends Partial<Omit<Settings, 'clock'>> {
  pool: Pool
  clock: Clock
  inngest: Inngest.Any
  functions: InngestFunction.Any[]
  log: Pick<Logger, 'error' | 'warn'>
}

export interface Executor {
  /** Stores events and starts what they trigger; resolves once both are stored. Answers the events' ids. */
  send(events: Payload | Payload[]): Promise<string[]>
  /** Takes no more work, waits up to `graceMs` for what runs, and gives the rest back to other processes. */
  stop(graceMs?: number): Promise<void>
  /** Whether what an event started goes on, in whatever process; what follows its end (`onFailure`) belongs to it. */
  goesOn(eventId: string): Promise<boolean>
  /** Resolves when no process holds a job of these functions and none is due. */
  idle(): Promise<void>
}

const minute = 60_000
const defaults = {
  concurrency: 64,
  leaseMs: 30_000,
  pollMs: 500,
  retentionMs: 24 * 60 * minute,
  backoffMs: [0.25, 0.5, 1, 2, 5, 10, 20, 40, 60, 120].map((minutes) => minutes * minute),
  maxLosses: 10,
  limits: { steps: 1_000, stepBytes: 4 * 2 ** 20, runBytes: 32 * 2 ** 20 },
}

/**
 * Starts this process's part of the executor: it serves the functions from the queue that all processes on the database share.
 * @throws Error that names each registered feature which the executor does not have.
 */
export async function startExecutor(options: ExecutorOptions): Promise<Executor> {
  const { pool, clock, inngest, functions: served, log, ...given } = options
  const settings: Settings = { ...defaults, ...given, clock }
  const handler = serve({ client: inngest, functions: served }) as Handler
  const functions = served.length ? await registerFunctions(handler) : new Map()
  const context: CallContext = { pool, handler, functions, settings }
  const worker = startWorker(context, log)

  async function store(payload: unknown, seed: string | null): Promise<string[]> {
    const incoming = readEvents(payload, seed, clock.now())
    await cancelBy(context, incoming)
    if ((await insertRuns(pool, runsOf(functions.values(), incoming, clock.now()))) > 0) worker.wake()
    return incoming.map(({ event }) => event.id)
  }

  const disconnect = connectInngest(inngest, makeTransport({ context, held: worker.held, send: store }))
  return {
    send: (events) => store(events, null),
    async stop(graceMs = 1_000) {
      await worker.stop(graceMs)
      disconnect()
    },
    goesOn: (eventId) => hasOpenRun(pool, eventId),
    async idle() {
      while (worker.held.size > 0 || (await openJobs(pool, [...functions.keys()], clock.now())) > 0) await clock.sleep(5)
    },
  }
}

/** Cancels the runs that these events cancel. It comes before they start any, so that no event cancels what it starts. */
async function cancelBy({ pool, functions, settings }: CallContext, incoming: IncomingEvent[]): Promise<void> {
  const candidates = cancellable(functions.values(), incoming)
  if (candidates.size === 0) return
  const running = await runningRuns(pool, [...candidates.keys()])
  const hit = running.filter((run) => {
    const config = candidates.get(run.fnId)
    return config && cancels(config, run.event, incoming)
  })
  if (hit.length === 0) return
  const now = settings.clock.now()
  await inTransaction(pool, async (client) => {
    const cancelled = new Set(
      await cancelRuns(
        client,
        hit.map((run) => run.id),
        now,
      ),
    )
    const followers = hit
      .filter((run) => cancelled.has(run.id))
      .flatMap((run) => runsAfter(functions.values(), { ...run, runId: run.id }, { status: 'cancelled' }, now))
    await insertRuns(client, followers)
  })
}

/** The loops of one process: take work, keep leases alive, delete what is old. */
function startWorker(context: CallContext, log: ExecutorOptions['log']) {
  const { pool, functions, settings } = context
  const { clock, concurrency, leaseMs, pollMs, retentionMs } = settings
  const stopping = new AbortController()
  const held = new Map<string, Job>()
  const running = new Set<Promise<void>>()
  let woken = false
  let nap = new AbortController()

  function wake(): void {
    woken = true
    nap.abort()
  }

  /** Waits until something was sent or ended here, the next thing falls due, or it is time to ask what others sent. */
  async function rest(): Promise<void> {
    const now = clock.now()
    const due = held.size < concurrency ? await nextDue(pool, now) : undefined
    if (woken || stopping.signal.aborted) return
    nap = new AbortController()
    await clock.sleep(Math.min(pollMs, Math.max(due === undefined ? pollMs : due - now, 1)), nap.signal).catch(() => undefined)
  }

  function start(job: Job): void {
    const hold = holdOf(job)
    held.set(hold, job)
    const done = work(context, job)
      // The job stays leased: whoever takes it after that runs the step again.
      .catch((err) => log.error({ err, runId: job.runId, fnId: job.fnId }, 'A job could not be stored'))
      .finally(() => {
        held.delete(hold)
        running.delete(done)
        wake()
      })
    running.add(done)
  }

  async function takeWork(): Promise<void> {
    woken = false
    const job = held.size < concurrency ? await claim(pool, [...functions.keys()], clock.now(), leaseMs) : undefined
    if (job) start(job)
    else await rest()
  }

  /** Repeats `action` until the worker stops; a database that is away for a while is asked again. */
  async function repeat(action: () => Promise<void>, pauseMs: number): Promise<void> {
    while (!stopping.signal.aborted) {
      if (pauseMs) await clock.sleep(pauseMs, stopping.signal).catch(() => undefined)
      if (stopping.signal.aborted) return
      await action().catch(async (err) => {
        log.warn({ err }, 'The executor could not reach its tables')
        await clock.sleep(pollMs, stopping.signal).catch(() => undefined)
      })
    }
  }

  const tokens = () => [...held.values()].map((job) => job.token)
  const loops = [
    functions.size ? repeat(takeWork, 0) : Promise.resolve(),
    repeat(async () => void (held.size && (await prolong(pool, tokens(), leaseMs))), Math.floor(leaseMs / 3)),
    repeat(
      async () => {
        while ((await sweep(pool, clock.now() - retentionMs)) === 1_000);
      },
      Math.min(minute, retentionMs),
    ),
  ]

  return {
    held,
    wake,
    async stop(graceMs: number): Promise<void> {
      stopping.abort()
      wake()
      await Promise.all(loops)
      const grace = new AbortController()
      await Promise.race([Promise.all(running), clock.sleep(graceMs, grace.signal).catch(() => undefined)])
      grace.abort()
      const left = tokens()
      held.clear()
      if (left.length) await giveBack(pool, left)
    },
  }
}
