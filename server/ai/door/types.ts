import type { Redaction, SentFile } from '../schema.ts'

/** For what a model is called; each call is a row of the ledger under this purpose. */
export interface Purpose {
  /** A crew's role or another short word. */
  name: string
  buildId?: string
  /** The conversation that it is for. */
  sessionId?: string
  /** Once the build has spent this much, the app answers calls itself with 402 and `budgetSpentType`. */
  budgetMicros?: number
  /** Who asks; without it, whoever started the build. */
  actorId?: string
  /** Files that stand in the requests in a way that cannot be seen from outside; documents and what file tools carry are found by themselves. */
  files?: readonly SentFile[]
  /** Told what happens to a request on its way; it must not throw. */
  notify?(notice: Notice): void
}

/** What happens to a request on its way, and is no error. */
export type Notice =
  /** The model or the AI server has no room; the request is sent again after `waitMs`. */
  | { kind: 'waiting'; status: number; waitMs: number; attempt: number }
  /** Secrets were replaced before the request left. */
  | { kind: 'redacted'; redactions: readonly Redaction[] }
  /** What lies on these paths was left out. */
  | { kind: 'withheld'; paths: readonly string[] }

/** What the app knows of a project and a build before a request leaves. */
export interface CallContext {
  denyPaths: string[]
  /** What the build has spent, in millionths of a US dollar; 0 where nobody asked. */
  spentMicros: number
  build: { number: number; createdById: string | null } | null
}

/** A row of the ledger as it is when the request leaves. */
export interface Departure {
  buildId: string | null
  sessionId: string | null
  buildNumber: number | null
  actorId: string | null
  purpose: string
  model: string
  demo: boolean
  node: string
  startedAt: Date
  bytes: number
  sealedBytes: number
  sha256: string
  keyId: string
  files: SentFile[]
  fileCount: number
  redactions: Redaction[]
  redactionCount: number
  withheld: string[]
  withheldCount: number
}

/** What the answer brought. */
export interface Arrival {
  /** The answer's HTTP status; 0 where none came. */
  status: number
  failure: string | null
  requestId: string | null
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  costMicros: bigint
  waits: number
  durationMs: number
}
