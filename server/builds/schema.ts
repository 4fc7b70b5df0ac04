import { z } from 'zod'

/** Jenkins' words. RUNNING and QUEUED are of the present, the others final. */
export const buildStatuses = ['QUEUED', 'RUNNING', 'SUCCESS', 'UNSTABLE', 'FAILURE', 'ABORTED', 'NOT_BUILT'] as const
export const buildStatusSchema = z.enum(buildStatuses)
export type BuildStatus = z.infer<typeof buildStatusSchema>
export const finalStatuses: readonly BuildStatus[] = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'ABORTED', 'NOT_BUILT']

export const executorNames = ['sandbox', 'process', 'fake'] as const

/** A command of a plain definition. It runs through the shell, in the build's workspace. */
export const commandSchema = z.object({
  name: z.string().min(1).max(100),
  run: z.string().min(1).max(10_000),
  env: z.record(z.string(), z.string()).default({}),
  timeoutMs: z.number().int().min(100).max(86_400_000).default(600_000),
  network: z.enum(['none', 'registry']).default('none'),
})
/** A stage runs its steps in order, or its branches side by side; each branch is a list of steps. */
export const stageSchema = z.object({
  name: z.string().min(1).max(100),
  steps: z.array(commandSchema).max(200).default([]),
  parallel: z
    .array(z.object({ name: z.string().min(1).max(100), steps: z.array(commandSchema).min(1).max(200) }))
    .max(50)
    .default([]),
})
export const definitionSchema = z.object({
  env: z.record(z.string(), z.string()).default({}),
  executor: z.enum(executorNames).optional(),
  stages: z.array(stageSchema).min(1).max(50),
})
export type Definition = z.infer<typeof definitionSchema>

/** Event names of this domain; the data is `{projectId, buildId, number}` in the envelope of `core/inngest.ts`. */
export const buildEvents = {
  requested: 'build.requested',
  started: 'build.started',
  completed: 'build.completed',
  abortRequested: 'build.abort_requested',
} as const
/** A plain definition; a crew's run; files that a project was made of. */
export const buildKinds = ['PIPELINE', 'CREW', 'FILES'] as const

const time = z.iso.datetime().nullable()
/** True where there is something that no key opens any more: its value is null, or the list empty. */
const unreadable = z.boolean()
export const stepViewSchema = z.object({
  key: z.string(),
  name: z.string(),
  status: buildStatusSchema,
  attempt: z.number().int(),
  exitCode: z.number().int().nullable(),
  reason: z.string().nullable(),
  reasonUnreadable: unreadable,
  startedAt: time,
  endedAt: time,
})
export const stageViewSchema = z.object({
  /** Unique within the build; also the tag of the stage's lines in the console. */
  key: z.string(),
  name: z.string(),
  position: z.number().int(),
  /** Stages of one position run side by side; `branch` names each of them. */
  branch: z.string().nullable(),
  status: buildStatusSchema,
  reason: z.string().nullable(),
  reasonUnreadable: unreadable,
  startedAt: time,
  endedAt: time,
  steps: z.array(stepViewSchema),
})
export type StageView = z.infer<typeof stageViewSchema>

/** What was found out about one acceptance criterion. */
export const criterionResultSchema = z.object({
  id: z.string(),
  text: z.string(),
  derived: z.boolean(),
  result: z.enum(['passed', 'failed', 'unverified']),
  detail: z.string().nullable(),
})
export const roleUsageSchema = z.object({
  role: z.string(),
  calls: z.number().int(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costMicros: z.number(),
  durationMs: z.number(),
})
export const artifactViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  stageKey: z.string().nullable(),
  createdAt: z.iso.datetime(),
})

export const buildSummarySchema = z.object({
  number: z.number().int(),
  kind: z.enum(buildKinds),
  status: buildStatusSchema,
  reason: z.string().nullable(),
  reasonUnreadable: unreadable,
  cause: z.string(),
  queuedAt: z.iso.datetime(),
  startedAt: time,
  endedAt: time,
  /** True where the demo model wrote the words and the code. */
  demoModel: z.boolean(),
  /** Which executor ran the commands, once one did; 'process' shows a banner. */
  executor: z.enum(executorNames).nullable(),
})
export type BuildSummary = z.infer<typeof buildSummarySchema>

export const buildViewSchema = buildSummarySchema.extend({
  service: z.string(),
  streamId: z.string(),
  stages: z.array(stageViewSchema),
  artifacts: z.array(artifactViewSchema),
  criteria: z.array(criterionResultSchema),
  criteriaUnreadable: unreadable,
  roles: z.array(roleUsageSchema),
  budgetMicros: z.number(),
  spentMicros: z.number(),
  startedBy: z.string().nullable(),
  abortedBy: z.string().nullable(),
  canAbort: z.boolean(),
})
export type BuildView = z.infer<typeof buildViewSchema>

/** A build as the job list names it; why it ended as it did stands on its page. */
export const jobBuildSchema = buildSummarySchema.omit({ reason: true, reasonUnreadable: true })
export type JobBuild = z.infer<typeof jobBuildSchema>

/** One line of the dashboard's job list. `weather` is the share of successes among the last five finished builds, 0 to 1. */
export const jobSchema = z.object({
  service: z.string(),
  title: z.string(),
  url: z.string(),
  serviceState: z.enum(['NEVER_DEPLOYED', 'STARTING', 'UP', 'DOWN', 'STOPPED']),
  last: jobBuildSchema.nullable(),
  lastSuccess: jobBuildSchema.nullable(),
  lastFailure: jobBuildSchema.nullable(),
  weather: z.number().min(0).max(1).nullable(),
})
export type Job = z.infer<typeof jobSchema>
/** Projects that the job list names at most. */
export const jobsLimit = 200
export const jobsInput = z
  .object({
    /** Words that each stand in the project's name, or each in its title. */
    search: z
      .string()
      .trim()
      .max(100)
      .refine((text) => !text.includes('\0'))
      .optional(),
  })
  .optional()

/** The number of a build, as the database can hold it. */
export const buildNumberSchema = z.int32().min(1)
export const buildInput = z.object({ service: z.string(), number: buildNumberSchema })
export const listBuildsInput = z.object({
  service: z.string(),
  /** Builds with a smaller number than this. */
  before: buildNumberSchema.optional(),
  limit: z.number().int().min(1).max(100).default(25),
  status: buildStatusSchema.optional(),
})
export const listBuildsOutput = z.object({ builds: z.array(buildSummarySchema), next: z.number().int().nullable() })

export const startBuildInput = z.object({ service: z.string(), requestId: z.uuid() })
export const startBuildOutput = z.object({ number: z.number().int() })

/** Socket events: after `project:watch` every change of the project's builds and service is hinted at; content is read. */
export interface ProjectServerEvents {
  'project:changed': (hint: { service: string; kind: 'build' | 'service' | 'project' | 'keys'; number?: number }) => void
}
export interface ProjectClientEvents {
  'project:watch': (input: { service: string }, ack: (answer: { ok: true } | { error: { code: string; message: string } }) => void) => void
  'project:unwatch': (input: { service: string }) => void
}
