import type { BuildStatus, buildKinds, executorNames } from '../schema.ts'

export type Kind = (typeof buildKinds)[number]
export type ExecutorName = (typeof executorNames)[number]

export interface NewBuild {
  id: string
  requestId: string
  kind: Kind
  cause: string
  definitionSealed: Buffer | null
  createdById: string | undefined
  budgetMicros: bigint
  demoModel: boolean
  streamId: string
}

export interface NewStage {
  key: string
  name: string
  position: number
  branch?: string | null | undefined
}

export interface BegunStep {
  id: string
  attempt: number
  streamId: string
  executor: ExecutorName
}

export interface Ending {
  status: BuildStatus
  reasonSealed: Buffer | null
  verdictSealed: Buffer | null
  at: Date
  /** What each stage that is open ends as, by key. */
  stages: Record<string, BuildStatus>
  /** What a step that still runs ends as. */
  cutOff: BuildStatus
}

export interface JobRow {
  projectId: string
  slug: string
  title: string
  state: 'NEVER_DEPLOYED' | 'STARTING' | 'UP' | 'DOWN' | 'STOPPED'
  /** Ids of builds, newest first where there are several. */
  last: string | null
  lastSuccess: string | null
  lastFailure: string | null
  finished: BuildStatus[]
}

/** A build that a project's row in that list names. */
export interface JobBuildRow {
  id: string
  number: number
  kind: string
  status: BuildStatus
  cause: string
  queuedAt: Date
  startedAt: Date | null
  endedAt: Date | null
  demoModel: boolean
  executor: string | null
}

/** What a function that runs a build has to know of it. */
export interface BuildRow {
  id: string
  number: number
  kind: Kind
  status: BuildStatus
  definition: unknown
  definitionSealed: Uint8Array | null
  streamId: string
  executor: ExecutorName | null
  demoModel: boolean
  budgetMicros: number
  abortRequested: boolean
  createdById: string | null
  cause: string
}

/** A stage of which it is known why it ended as it did. */
export interface StageReasonRow {
  key: string
  reason: string | null
  reasonSealed: Uint8Array | null
}

export interface StageRow {
  key: string
  status: BuildStatus
  /** The statuses of its steps. */
  steps: BuildStatus[]
}

export const stepColumns = {
  id: true,
  key: true,
  name: true,
  status: true,
  attempt: true,
  exitCode: true,
  reason: true,
  reasonSealed: true,
  startedAt: true,
  endedAt: true,
} as const

export const summaryColumns = {
  id: true,
  number: true,
  kind: true,
  status: true,
  reason: true,
  reasonSealed: true,
  cause: true,
  queuedAt: true,
  startedAt: true,
  endedAt: true,
  demoModel: true,
  executor: true,
} as const
