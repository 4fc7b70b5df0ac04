import { z } from 'zod'

/** Every act that is written down, by what it is done to. */
export const auditActions = [
  'beta.approved',
  'beta.rejected',
  'user.approved',
  'user.suspended',
  'user.restored',
  'user.admin-appointed',
  'user.admin-dismissed',
  'user.sessions-ended',
  'user.deleted',
  'token.created',
  'token.revoked',
  'member.invited',
  'member.invitation-withdrawn',
  'member.invitation-declined',
  'member.joined',
  'member.role-changed',
  'member.removed',
  'member.left',
  'project.made-public',
  'project.made-private',
  'project.renamed',
  'project.code-settings-changed',
  'project.deleted',
  'agent.sharing-changed',
  'agent.deleted',
  'engine.installed',
  'feedback.settled',
  'keys.rotated',
  'keys.resealed',
  'keys.reseal-cancelled',
  'keys.destroyed',
  'keys.platform-rotated',
  'keys.master-rotated',
  'keys.backed-up',
  'keys.restored',
] as const
export const auditActionSchema = z.enum(auditActions)
export type AuditAction = z.infer<typeof auditActionSchema>

/** One thing an act was done to: what kind of thing, its id, and how people call it. */
export interface AuditTarget {
  type: 'user' | 'project' | 'application' | 'token' | 'agent' | 'feedback' | 'platform'
  id: string
  label: string
}

/** What is written down of an act. `details` holds names, roles and words of the act itself, never a secret. */
export interface AuditRecord {
  action: AuditAction
  target: AuditTarget
  details?: Record<string, string | number | boolean | null>
}

const words = z
  .string()
  .trim()
  .max(320)
  .refine((text) => !text.includes('\0'))
  .transform((text) => text || undefined)
  .optional()
/** A time that the database knows: it counts no year 0. */
export const storableTimeSchema = z.iso.datetime().refine((time) => !time.startsWith('0000'))
/** Which entries are asked for: `actor` and `target` are an id, or a part of what people call them. */
export const auditFilterSchema = z.object({
  action: auditActionSchema.optional(),
  actor: words,
  target: words,
  since: storableTimeSchema.optional(),
  until: storableTimeSchema.optional(),
})
export type AuditFilter = z.infer<typeof auditFilterSchema>

export const auditPageInput = auditFilterSchema.extend({
  /** Entries older than this one. */
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** One of `auditActions`, or one that an earlier version wrote down. */
  action: z.string(),
  /** `id` is null where the server itself acted. */
  actor: z.object({ id: z.string().nullable(), email: z.string() }),
  target: z.object({ type: z.string(), id: z.string(), label: z.string() }),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

/** Newest first; `next` is the `before` of the next page. */
export const auditPageSchema = z.object({ items: z.array(auditEntrySchema), next: z.string().nullable() })
export type AuditPage = z.infer<typeof auditPageSchema>

export const exportFormats = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]
/** Entries that one export holds at most, the newest of those asked for. */
export const exportLimit = 100_000
