import type { ProjectId } from '@/server/core/gates.ts'
import type { LedgerAllFilter } from '../schema.ts'

/** Whose sendings are read: a project's, or everybody's on behalf of an administrator. */
export type LedgerScope = ProjectId | 'all'

/** What is asked for, with what was typed made ready for the database. */
export interface LedgerQuery extends Omit<LedgerAllFilter, 'person'> {
  personId?: string | undefined
  /** A pattern in which only the two per cent signs at its ends have a meaning. */
  personLike?: string | undefined
  id?: string | undefined
  before?: { at: number; id: string } | undefined
}

/** A row as the database gives it; sums and counts of the driver are texts. */
export interface LedgerRow {
  id: string
  projectId: string
  at: number
  service: string
  personId: string | null
  personName: string | null
  personEmail: string | null
  purpose: string
  buildNumber: number | null
  model: string
  demo: boolean
  status: number
  failure: string | null
  waits: number
  durationMs: number
  bytes: number
  sealedBytes: number
  fileCount: number
  redactionCount: number
  withheldCount: number
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  costMicros: string
  requestId: string | null
  sha256: string | null
  keyId: string | null
  /** Null where they were not asked for. */
  files: unknown
  redactions: unknown
  withheld: unknown
}

export interface LedgerSums {
  calls: string
  open: string
  failed: string
  bytes: string
  files: string
  redactions: string
  withheld: string
  inputTokens: string
  outputTokens: string
  costMicros: string
  demoMicros: string
}

export type LedgerDay = { day: string } & Pick<LedgerSums, 'calls' | 'bytes' | 'costMicros' | 'demoMicros'>
