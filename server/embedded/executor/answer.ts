import { z } from 'zod'
import type { Memo, Plan, SerializedError, Verdict } from './types.ts'

const errorSchema = z.looseObject({
  name: z.string().catch('Error'),
  message: z.string(),
  stack: z.string().optional().catch(undefined),
  cause: z.unknown().optional(),
})
const opSchema = z.looseObject({
  id: z.string().min(1),
  op: z.string(),
  name: z.string().nullish(),
  opts: z.looseObject({ parallelMode: z.string().optional() }).nullish().catch(undefined),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
})
export type Op = z.infer<typeof opSchema>
export const opsSchema = z.union([z.array(opSchema).min(1), opSchema.transform((op) => [op])])

const second = 1_000
const day = 86_400 * second

/** An error of whatever shape, as the SDK reads it back. */
export function readError(input: unknown): SerializedError {
  const parsed = errorSchema.safeParse(input)
  if (!parsed.success) return { name: 'Error', message: typeof input === 'string' ? input : 'The function failed without saying why.' }
  const { name, message, stack, cause } = parsed.data
  return { name, message, ...(stack === undefined ? {} : { stack }), ...(cause === undefined ? {} : { cause }) }
}

/** The `retry-after` header, seconds or a date, as a wait of one second to one day. */
export function retryAfter(header: string | null, now: number): { retryAfterMs?: number } {
  if (!header) return {}
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * second : Date.parse(header) - now
  return Number.isFinite(ms) ? { retryAfterMs: Math.min(Math.max(ms, second), day) } : {}
}

const units: Record<string, number> = { w: 7 * day, d: day, h: 3_600 * second, m: 60 * second, s: second, ms: 1 }

/** When a sleep ends: a duration such as `1h30m`, or an ISO date. Undefined where it is neither. */
export function wakeTime(text: string, now: number): number | undefined {
  if (/^(\d+(\.\d+)?(w|d|h|ms|m|s))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)]
    return now + Math.ceil(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit as string] ?? 0), 0))
  }
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : date
}

/** What a successful step leaves behind. */
export const dataMemo = (stepId: string, data: unknown): Memo => ({ stepId, memo: JSON.stringify({ data: data ?? null }) })
/** What a step that failed for good leaves behind. */
export const errorMemo = (stepId: string, error: SerializedError): Memo => ({ stepId, memo: JSON.stringify({ error }) })

const failure = (name: string, message: string, final = true): Verdict => ({ kind: 'error', error: { name, message }, final })

/** Sorts the ops of one answer; an op that the executor does not have ends the run. */
export function readOps(ops: Op[], eagerVersion: boolean, now: number, headers?: Headers): Verdict {
  const memos: Memo[] = []
  const plans: Plan[] = []
  for (const op of ops) {
    const eager = eagerVersion || op.opts?.parallelMode === 'race'
    if (op.op === 'StepRun') memos.push(dataMemo(op.id, op.data))
    else if (op.op === 'StepPlanned') plans.push({ stepId: op.id, kind: 'call', dueAt: now, eager })
    else if (op.op === 'Sleep') {
      const dueAt = wakeTime(op.name ?? '', now)
      if (dueAt === undefined) return failure('ProtocolError', `A sleep has no readable duration: ${op.name}`)
      plans.push({ stepId: op.id, kind: 'sleep', dueAt, eager })
    } else if (op.op === 'RunComplete') return { kind: 'finished', result: JSON.stringify(op.data ?? null) }
    else if (op.op === 'StepError' || op.op === 'StepFailed') {
      const final = op.op === 'StepFailed' || headers?.get('x-inngest-no-retry') === 'true'
      return {
        kind: 'step-error',
        stepId: op.id,
        error: readError(op.error ?? op.data),
        final,
        ...retryAfter(headers?.get('retry-after') ?? null, now),
      }
    } else if (op.op !== 'DiscoveryRequest')
      return failure('UnsupportedStep', `The embedded executor does not support the step ${op.op} (${op.name ?? op.id}).`)
  }
  return { kind: 'progress', memos, plans, discover: memos.length > 0 || plans.length === 0 }
}

/** Judges the SDK's answer to one call. Whatever does not make sense is an error that is tried again. */
export async function readAnswer(response: Response, now: number): Promise<Verdict & { version?: number }> {
  const text = await response.text()
  const { headers, status } = response
  const version = Number(headers.get('x-inngest-req-version') ?? Number.NaN)
  const known = Number.isInteger(version) ? { version } : {}
  if (!headers.has('x-inngest-sdk')) return failure('ProtocolError', `The answer (status ${status}) does not come from the SDK.`, false)
  let body: unknown
  try {
    body = text === '' ? null : JSON.parse(text)
  } catch {
    return failure('ProtocolError', `The answer (status ${status}) is not JSON.`, false)
  }
  if (status === 200) return { kind: 'finished', result: JSON.stringify(body), ...known }
  if (status === 206) {
    const ops = opsSchema.safeParse(body)
    if (!ops.success) return failure('ProtocolError', 'The answer holds no readable steps.', false)
    return { ...readOps(ops.data, version === 1, now, headers), ...known }
  }
  if (status !== 400 && status < 500) return failure('ProtocolError', `The answer has the unexpected status ${status}.`, false)
  const stepMissing = z.object({ error: z.string() }).safeParse(body)
  const error = stepMissing.success ? readError(stepMissing.data.error) : readError(body)
  return {
    kind: 'error',
    error,
    final: headers.get('x-inngest-no-retry') === 'true',
    ...retryAfter(headers.get('retry-after'), now),
    ...known,
  }
}
