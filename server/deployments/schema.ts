import { z } from 'zod'

export const serviceStates = ['NEVER_DEPLOYED', 'STARTING', 'UP', 'DOWN', 'STOPPED'] as const
export const deploymentStatuses = ['STARTING', 'HEALTHY', 'FAILED', 'REPLACED'] as const

/** The run description that the DevOps engineer writes. */
export const runDescriptionSchema = z.object({
  /** Started as a process group with PORT and DATA_DIR set. */
  start: z.array(z.string().min(1)).min(1).default(['npm', 'start']),
  healthPath: z.string().startsWith('/').default('/healthz'),
  memoryMb: z.number().int().min(64).max(4096).default(512),
  env: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).default({}),
})
export type RunDescription = z.infer<typeof runDescriptionSchema>

/** Default thresholds recorded with a deployment; ratios are 0 to 1. */
export const monitoringSchema = z.object({
  probe: z.object({ path: z.string(), intervalMs: z.number().int(), timeoutMs: z.number().int() }),
  thresholds: z.object({ cpu: z.number(), memory: z.number(), errorRate: z.number() }),
})

/** True where there is something that no key opens any more: its value is null. */
const unreadable = z.boolean()

export const deploymentViewSchema = z.object({
  number: z.number().int(),
  build: z.number().int(),
  status: z.enum(deploymentStatuses),
  reason: z.string().nullable(),
  reasonUnreadable: unreadable,
  createdAt: z.iso.datetime(),
  healthyAt: z.iso.datetime().nullable(),
  current: z.boolean(),
})

export const serviceViewSchema = z.object({
  service: z.string(),
  title: z.string(),
  url: z.string(),
  state: z.enum(serviceStates),
  reason: z.string().nullable(),
  reasonUnreadable: unreadable,
  changedAt: z.iso.datetime().nullable(),
  checkedAt: z.iso.datetime().nullable(),
  current: deploymentViewSchema.nullable(),
  deployments: z.array(deploymentViewSchema),
  monitoring: monitoringSchema.nullable(),
  monitoringUnreadable: unreadable,
  /** The run description of the version in use: where no key opens it, this version goes on running, but cannot be started. */
  runUnreadable: unreadable,
})
export type ServiceView = z.infer<typeof serviceViewSchema>
