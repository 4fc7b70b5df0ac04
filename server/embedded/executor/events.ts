import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { evaluate, holds, keyText } from './expressions.ts'
import type { FunctionConfig, NewRun, SerializedError, StoredEvent } from './types.ts'

const eventSchema = z.object({
  name: z.string().min(1).max(256),
  data: z.record(z.string(), z.unknown()).nullish(),
  id: z.string().nullish(),
  ts: z.number().nullish(),
  v: z.string().nullish(),
  meta: z.unknown().optional(),
})

/** What callers may send: one event or some. */
const payloadSchema = z
  .preprocess((payload) => [payload].flat(), z.array(eventSchema))
  .refine((events) => events.every((event) => !event.name.startsWith('inngest/')), 'Names that start with inngest/ belong to the executor.')
export type Payload = z.input<typeof eventSchema>

/** An event with its dedupe key: the sender's own id, or one that a repeated POST of the same events has again. */
export interface IncomingEvent {
  event: StoredEvent
  dedupe: string
}

/** Fills in what a sender may leave out. `seed` is the same over all tries of one send. */
export function readEvents(payload: unknown, seed: string | null, now: number): IncomingEvent[] {
  const base = seed ?? randomUUID()
  return payloadSchema.parse(payload).map(({ name, data, id, ts, v, meta }, index) => {
    const ownId = createHash('sha256').update(`${base}:${index}`).digest('hex').slice(0, 26)
    const { _inngest, ...rest } = data ?? {}
    const event = { name, data: rest, id: id || ownId, ts: ts ?? now, user: {}, ...(v ? { v } : {}), ...(meta == null ? {} : { meta }) }
    return { event, dedupe: id ? `event:${id}` : `send:${ownId}` }
  })
}

/** Whether a trigger's name, which may end in a wildcard (`a/*`, `a.*`), covers an event's. */
export function covers(trigger: string, name: string): boolean {
  return trigger.endsWith('*') ? name.startsWith(trigger.slice(0, -1)) : trigger === name
}

function concurrencyKeys(config: FunctionConfig, event: StoredEvent): NewRun['keys'] {
  return config.concurrency.map(({ limit, key, scope }) => ({
    limit,
    key: `${scope === 'fn' ? config.id : `${scope}:`}/${key ?? ''}/${key ? keyText(evaluate(key, { event })) : ''}`,
  }))
}

/** The runs that events start: one per function and event, however many of its triggers match. */
export function runsOf(functions: Iterable<FunctionConfig>, incoming: IncomingEvent[], now: number): NewRun[] {
  const runs: NewRun[] = []
  for (const config of functions) {
    for (const { event, dedupe } of incoming) {
      if (!config.triggers.some((trigger) => covers(trigger.event, event.name) && holds(trigger.expression, { event }))) continue
      runs.push({
        id: randomUUID(),
        fnId: config.id,
        dedupe: config.idempotency ? `key:${keyText(evaluate(config.idempotency, { event }))}` : dedupe,
        event: JSON.stringify(event),
        dueAt: Math.max(now, event.ts),
        createdAt: now,
        keys: concurrencyKeys(config, event),
      })
    }
  }
  return runs
}

/** Functions that some event may cancel, with the names of those events. */
export function cancellable(functions: Iterable<FunctionConfig>, incoming: IncomingEvent[]): Map<string, FunctionConfig> {
  const names = new Set(incoming.map(({ event }) => event.name))
  return new Map(
    [...functions].filter((config) => config.cancel.some((cancel) => names.has(cancel.event))).map((config) => [config.id, config]),
  )
}

/** Whether one of the incoming events cancels a run that `trigger` (JSON) started. */
export function cancels(config: FunctionConfig, trigger: string, incoming: IncomingEvent[]): boolean {
  const event = JSON.parse(trigger)
  return config.cancel.some((cancel) =>
    incoming.some((one) => one.event.name === cancel.event && holds(cancel.if, { event, async: one.event })),
  )
}

/** How a run ended, for the events that say so. */
export type Ending = { status: 'completed'; result: string } | { status: 'failed'; error: SerializedError } | { status: 'cancelled' }
const words = { completed: 'Completed', failed: 'Failed', cancelled: 'Cancelled' } as const

/**
 * The runs that the end of a run starts (`onFailure` and whoever listens to `inngest/function.*`). A run that such an event
 * started tells nobody of its own end, so they cannot go round in a circle.
 */
export function runsAfter(
  functions: Iterable<FunctionConfig>,
  run: { runId: string; fnId: string; event: string },
  ending: Ending,
  now: number,
): NewRun[] {
  const names = ['inngest/function.finished', ...(ending.status === 'completed' ? [] : [`inngest/function.${ending.status}`])]
  const listeners = [...functions].filter((config) => config.triggers.some((trigger) => names.some((name) => covers(trigger.event, name))))
  if (listeners.length === 0) return []
  const event = JSON.parse(run.event) as StoredEvent
  if (event.name.startsWith('inngest/function.')) return []
  const outcome = ending.status === 'completed' ? { result: JSON.parse(ending.result) } : { error: endingError(ending) }
  const data = { function_id: run.fnId, run_id: run.runId, event, events: [event], ...outcome, _inngest: { status: words[ending.status] } }
  const incoming = names.map((name) => ({
    event: { name, data, id: `${run.runId}:${name}`, ts: now, user: {} },
    dedupe: `run:${run.runId}:${name}`,
  }))
  return runsOf(listeners, incoming, now)
}

function endingError(ending: Exclude<Ending, { status: 'completed' }>): SerializedError {
  return ending.status === 'failed' ? ending.error : { name: 'FunctionCancelledError', message: 'The run was cancelled.' }
}
