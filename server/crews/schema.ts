import { z } from 'zod'
import { criterionResultSchema } from '@/server/builds/schema.ts'
import { monitoringSchema, runDescriptionSchema } from '@/server/deployments/schema.ts'
import { testResultSchema } from '@/server/gate/schema.ts'

/** The six roles of the software crew, in the order in which they first speak. */
export const softwareRoles = [
  'product-strategist',
  'architect',
  'qa-engineer',
  'frontend-developer',
  'backend-developer',
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
