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
  'member.joined',
  'member.role-changed',
  'member.removed',
  'project.made-public',
  'project.made-private',
  'project.renamed',
  'project.deleted',
  'feedback.settled',
] as const
export const auditActionSchema = z.enum(auditActions)
export type AuditAction = z.infer<typeof auditActionSchema>

/** One thing an act was done to: what kind of thing, its id, and how people call it. */
export interface AuditTarget {
  type: 'user' | 'project' | 'application' | 'token' | 'feedback'
  id: string
  label: string
}

/** What is written down of an act. `details` holds names, roles and words of the act itself, never a secret. */
export interface AuditRecord {
  action: AuditAction
  target: AuditTarget
  details?: Record<string, string | number | boolean | null>
}
