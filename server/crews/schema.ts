import { z } from 'zod'
import { severitySchema } from '@/server/ai/schema.ts'
import { criterionResultSchema } from '@/server/builds/schema.ts'
import { monitoringSchema, runDescriptionSchema } from '@/server/deployments/schema.ts'
import { testResultSchema } from '@/server/gate/schema.ts'

/** The seven roles of the software crew, in the order in which they first speak. */
export const softwareRoles = [
  'product-strategist',
  'architect',
  'qa-engineer',
  'frontend-developer',
  'backend-developer',
  'code-reviewer',
  'devops-engineer',
] as const
export type SoftwareRole = (typeof softwareRoles)[number]

/** One numbered acceptance criterion; `derived` marks one that the issue did not state. */
export const criterionSchema = z.object({
  id: z.string().regex(/^AC-\d+$/),
  text: z.string().min(1),
  derived: z.boolean(),
})
export type Criterion = z.infer<typeof criterionSchema>

export const specificationSchema = z.object({
  title: z.string(),
  summary: z.string(),
  functional: z.array(z.object({ id: z.string(), text: z.string() })).min(1),
  nonFunctional: z.array(z.object({ id: z.string(), text: z.string() })).min(1),
  stack: z.array(z.object({ part: z.string(), choice: z.string(), why: z.string() })),
  database: z.array(
    z.object({
      entity: z.string(),
      fields: z.array(z.object({ name: z.string(), type: z.string(), required: z.boolean(), note: z.string() })),
    }),
  ),
  api: z.array(z.object({ method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']), path: z.string(), does: z.string() })).min(1),
  ui: z.array(z.object({ view: z.string(), shows: z.string(), actions: z.array(z.string()) })),
  criteria: z.array(criterionSchema).min(1),
})
export type Specification = z.infer<typeof specificationSchema>

export const architectureSchema = z.object({
  /** Mermaid source of the component diagram. */
  diagram: z.string(),
  components: z.array(z.object({ name: z.string(), responsibility: z.string(), files: z.array(z.string()) })).min(1),
  interactions: z.array(z.object({ from: z.string(), to: z.string(), what: z.string() })),
  dataFlow: z.array(z.string()),
  security: z.array(z.string()),
  scaling: z.array(z.string()),
})
export type Architecture = z.infer<typeof architectureSchema>

export const tasksSchema = z.object({
  tasks: z
    .array(
      z.object({
        id: z.string(),
        role: z.enum(['frontend-developer', 'backend-developer']),
        title: z.string(),
        detail: z.string(),
        /** Files this task may create or change; the two developers' files do not overlap. */
        files: z.array(z.string()),
        criteria: z.array(z.string()),
      }),
    )
    .min(1),
})
export type Tasks = z.infer<typeof tasksSchema>

/** What the DevOps engineer hands over. */
export const operationsSchema = z.object({ run: runDescriptionSchema, monitoring: monitoringSchema, notes: z.string() })
export type Operations = z.infer<typeof operationsSchema>

/** What the platform found red and tells the developers. */
export const failureSchema = z.object({ id: z.string(), text: z.string(), message: z.string() })
export const failuresSchema = z.array(failureSchema)
export type Failure = z.infer<typeof failureSchema>

/** The report of one test run, as an artifact: what was found about each criterion, and each test. */
export const reportSchema = z.object({ criteria: z.array(criterionResultSchema), tests: z.array(testResultSchema) })

export const findingCategories = ['security', 'quality', 'fault'] as const
/** One finding of the code reviewer: where it stands, what is wrong, and what would mend it. */
export const findingSchema = z.object({
  severity: severitySchema,
  category: z.enum(findingCategories),
  path: z.string(),
  line: z.number().int().nullable(),
  title: z.string(),
  detail: z.string(),
  suggestion: z.string().nullable(),
})
export type Finding = z.infer<typeof findingSchema>

/** What the code reviewer hands over about the files of one request. */
export const reviewAnswerSchema = z.object({ summary: z.string(), findings: z.array(findingSchema) })
export type ReviewAnswer = z.infer<typeof reviewAnswerSchema>

/** Why a file of the release was not sent: on a deny-list, no text, locked versions, too large, nothing in it, beyond the bounds of one review. */
export const leftOutReasons = ['denied', 'binary', 'lock', 'large', 'empty', 'beyond'] as const
export const leftOutSchema = z.object({ path: z.string(), why: z.enum(leftOutReasons) })
export type LeftOut = z.infer<typeof leftOutSchema>

/** Bounds of a review, as it is kept: so many findings, and so many characters of each. */
export const reviewLimits = { findings: 100, title: 150, detail: 700, suggestion: 400, summary: 1_500, bytes: 100_000 } as const

/** The review of a release, as an artifact. Its decision is the platform's: findings are counted, never asked whether they pass. */
export const reviewSchema = z.object({
  /** `underway` while files are still to be sent; `unreadable` where no usable answer came. */
  status: z.enum(['underway', 'passed', 'stopped', 'unreadable']),
  commit: z.string(),
  /** SHA-256 of the files that were sent, in their order. */
  bundle: z.string(),
  at: z.iso.datetime(),
  model: z.string(),
  demoModel: z.boolean(),
  /** The least severity that stops the deployment; null: none does. */
  stopAt: severitySchema.nullable(),
  summary: z.string(),
  /** Of all that was found, listed or not. */
  counts: z.record(severitySchema, z.number().int()),
  findings: z.array(findingSchema),
  /** Findings that are not listed: about files that are not in the release, and beyond the bounds of a review. */
  dropped: z.object({ outside: z.number().int(), beyond: z.number().int() }),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
  leftOut: z.array(leftOutSchema),
  /** Requests that were answered, and how many there are. */
  requests: z.object({ answered: z.number().int(), of: z.number().int() }),
})
export type Review = z.infer<typeof reviewSchema>
