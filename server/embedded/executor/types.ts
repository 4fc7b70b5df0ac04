import type { Clock } from '@/server/core/clock.ts'

/** One of a function's concurrency limits; `key` is a CEL expression over the trigger. */
export interface ConcurrencyLimit {
  limit: number
  key?: string
  scope: 'fn' | 'env' | 'account'
}

/** What the executor knows of a registered function. */
export interface FunctionConfig {
  id: string
  triggers: { event: string; expression?: string }[]
  /** Attempts in all, the first one included. */
  maxAttempts: number
  /** CEL expression whose value makes two events one run. */
  idempotency?: string
  concurrency: ConcurrencyLimit[]
  cancel: { event: string; if?: string }[]
}

/** An event as functions see it. */
export interface StoredEvent {
  name: string
  data: Record<string, unknown>
  id: string
  /** Milliseconds since the epoch; in the future it delays the run. */
  ts: number
  user: Record<string, unknown>
  v?: string
  meta?: unknown
}

/** A run that is to be made; `event` is JSON. */
export interface NewRun {
  id: string
  fnId: string
  dedupe: string
  event: string
  dueAt: number
  createdAt: number
  keys: { key: string; limit: number }[]
}

/** A job that this process holds until its lease ends, with all that a call needs; `event` and `steps` are JSON. */
export interface Job {
  id: string
  token: string
  runId: string
  fnId: string
  /** `step` looks for what comes next, any other id runs that step alone. */
  stepId: string
  kind: 'call' | 'sleep'
  attempt: number
  losses: number
  pending: number
  version: number
  /** What the run's steps have returned so far: how many, and their bytes. */
  stepCount: number
  stateBytes: number
  event: string
  steps: string
  stack: string[]
}

export interface Memo {
  stepId: string
  /** JSON: `{"data": …}` or `{"error": …}`. */
  memo: string
}

export interface Plan {
  stepId: string
  kind: 'call' | 'sleep'
  dueAt: number
  /** Look for what comes next when this ends, even though others are pending (a race). */
  eager: boolean
}

/** An error as the SDK writes it. */
export interface SerializedError {
  name: string
  message: string
  stack?: string
  cause?: unknown
}

/** What an answer of the SDK asks for. `discover` asks to look at once for what comes next. */
export type Verdict =
  | { kind: 'progress'; memos: Memo[]; plans: Plan[]; discover: boolean }
  | { kind: 'finished'; result: string }
  /** One step failed; `final` says that it is not to be tried again. */
  | { kind: 'step-error'; stepId: string; error: SerializedError; final: boolean; retryAfterMs?: number }
  /** The function itself failed, or the answer made no sense. */
  | { kind: 'error'; error: SerializedError; final: boolean; retryAfterMs?: number }

export interface Limits {
  steps: number
  stepBytes: number
  runBytes: number
}

/** Times are in milliseconds. */
export interface Settings {
  clock: Clock
  concurrency: number
  leaseMs: number
  pollMs: number
  retentionMs: number
  /** Wait before each retry; the last one repeats. */
  backoffMs: readonly number[]
  /** How many processes may die in one job before it counts as failed. */
  maxLosses: number
  limits: Limits
}
