import type { Pool } from 'pg'
import { dataMemo, errorMemo, type Op, readAnswer, readError, readOps } from './answer.ts'
import { type After, finish, insertRuns, inTransaction, settle } from './data.ts'
import { type Ending, runsAfter } from './events.ts'
import { callRequest, type Handler } from './registration.ts'
import type { FunctionConfig, Job, Memo, Plan, SerializedError, Settings, Verdict } from './types.ts'

export interface CallContext {
  pool: Pool
  handler: Handler
  functions: Map<string, FunctionConfig>
  settings: Settings
}

/** What a checkpoint says of its job: `<job>:<token>` travels as the queue item's id. */
export const holdOf = (job: Pick<Job, 'id' | 'token'>) => `${job.id}:${job.token}`

/** Does one job to its end and stores what came of it. */
export async function work(context: CallContext, job: Job): Promise<void> {
  const { settings } = context
  if (job.kind === 'sleep') return store(context, job, { memos: [dataMemo(job.stepId, null)], after: { kind: 'done', discover: true } })
  if (job.losses > settings.maxLosses) {
    const error = { name: 'ProcessLost', message: `${job.losses} processes ended while they ran this step.` }
    return end(context, job, { status: 'failed', error })
  }
  const verdict = await call(context, job)
  await carryOut(context, job, verdict)
}

async function call({ handler, functions, settings }: CallContext, job: Job): Promise<Verdict & { version?: number }> {
  const ctx = {
    run_id: job.runId,
    fn_id: job.fnId,
    env: '',
    step_id: job.stepId,
    attempt: job.attempt,
    max_attempts: functions.get(job.fnId)?.maxAttempts ?? 1,
    qi_id: holdOf(job),
    request_id: job.token,
    generation_id: 0,
    job_id: job.id,
    disable_immediate_execution: job.pending > 0,
    use_api: false,
    stack: { stack: job.stack, current: job.stack.length },
  }
  const head = `{"version":${job.version},"event":${job.event},"events":[${job.event}],"steps":${job.steps}`
  const body = `${head},"defers":{},"use_api":false,"ctx":${JSON.stringify(ctx)}}`
  try {
    const response = await handler(callRequest(job.fnId, job.stepId, job.token, body))
    return await readAnswer(response, settings.clock.now())
  } catch (error) {
    return { kind: 'error', error: readError(error instanceof Error ? { name: error.name, message: error.message } : error), final: false }
  }
}

async function carryOut(context: CallContext, job: Job, verdict: Verdict & { version?: number }): Promise<void> {
  const { version } = verdict
  if (verdict.kind === 'finished') return end(context, job, { status: 'completed', result: verdict.result })
  if (verdict.kind === 'progress') {
    return store(context, job, { ...verdict, version, after: { kind: 'done', discover: verdict.discover } })
  }
  const { error, final, retryAfterMs } = verdict
  const maxAttempts = context.functions.get(job.fnId)?.maxAttempts ?? 1
  if (!final && job.attempt + 1 < maxAttempts) {
    return store(context, job, {
      version,
      after: { kind: 'retry', dueAt: context.settings.clock.now() + (retryAfterMs ?? backoff(context.settings, job.attempt)) },
    })
  }
  if (verdict.kind === 'error') return end(context, job, { status: 'failed', error })
  return store(context, job, { version, memos: [errorMemo(verdict.stepId, error)], after: { kind: 'done', discover: true } })
}

/** The wait before attempt `attempt + 2`, with up to a tenth added so that many retries do not fall together. */
function backoff({ backoffMs, clock }: Settings, attempt: number): number {
  const ms = backoffMs[Math.min(attempt, backoffMs.length - 1)] ?? 0
  return Math.round(ms * (1 + clock.random() / 10))
}

/** Stores a checkpoint that the SDK posts while a call goes on. False where the caller no longer holds the run. */
export async function checkpoint(context: CallContext, job: Job, ops: Op[]): Promise<boolean> {
  const verdict = readOps(ops, false, context.settings.clock.now())
  if (verdict.kind !== 'progress') return false
  return settleWithin(context, job, { ...verdict, after: { kind: 'hold' } })
}

interface Change {
  memos?: Memo[]
  plans?: Plan[]
  after: After
  version?: number | undefined
}

async function store(context: CallContext, job: Job, change: Change): Promise<void> {
  await settleWithin(context, job, change)
}

/** Stores a change where the limits allow it; a run that would outgrow them fails instead. */
async function settleWithin(context: CallContext, job: Job, { memos = [], plans = [], after, version }: Change): Promise<boolean> {
  const { limits, clock } = context.settings
  const last = new Map(memos.map((memo) => [memo.stepId, memo]))
  const planned = new Map(plans.filter((plan) => !last.has(plan.stepId)).map((plan) => [plan.stepId, plan]))
  const sizes = [...last.values()].map((memo) => Buffer.byteLength(memo.memo))
  if (sizes.some((bytes) => bytes > limits.stepBytes)) return outgrown(context, job, `A step returned more than ${limits.stepBytes} bytes.`)
  if (job.stepCount + sizes.length > limits.steps) return outgrown(context, job, `The run has more than ${limits.steps} steps.`)
  const bytes = sizes.reduce((sum, size) => sum + size, job.stateBytes)
  if (bytes > limits.runBytes) return outgrown(context, job, `The steps of the run returned more than ${limits.runBytes} bytes.`)
  const change = {
    memos: [...last.values()],
    plans: [...planned.values()],
    after,
    now: clock.now(),
    ...(version === undefined ? {} : { version }),
  }
  const totals = await settle(context.pool, job, change)
  if (totals) Object.assign(job, totals)
  return totals !== undefined
}

async function outgrown(context: CallContext, job: Job, message: string): Promise<false> {
  await end(context, job, { status: 'failed', error: { name: 'OutputTooLarge', message } satisfies SerializedError })
  return false
}

/** Ends a run, and in the same transaction starts what waits for its end. */
async function end({ pool, functions, settings }: CallContext, job: Job, ending: Ending): Promise<void> {
  const now = settings.clock.now()
  const result = ending.status === 'completed' ? ending.result : JSON.stringify(ending.status === 'failed' ? ending.error : null)
  const followers = runsAfter(functions.values(), job, ending, now)
  if (followers.length === 0) return void (await finish(pool, job, ending.status, result, now))
  await inTransaction(pool, async (client) => {
    if (await finish(client, job, ending.status, result, now)) await insertRuns(client, followers)
  })
}
