import { type MemberRole, memberRoles } from './schema.ts'

/** The one of two roles that may do more. */
export const higherRole = (one: MemberRole, other: MemberRole): MemberRole =>
  memberRoles.indexOf(one) >= memberRoles.indexOf(other) ? one : other

/** Whether a project still has an owner once `userId` has another role, or none. */
export function keepsAnOwner(members: readonly { userId: string; role: MemberRole }[], userId: string, role: MemberRole | null): boolean {
  return role === 'OWNER' || members.some((member) => member.role === 'OWNER' && member.userId !== userId)
}

const hidden = (text: string) => `${Array.from(text)[0] ?? ''}•••`

/** An address as far as its owner knows it again and nobody else learns it: `j•••@e•••.com`. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  return `${hidden(email.slice(0, at))}@${hidden(domain.slice(0, Math.max(dot, 0)) || domain)}${dot > 0 ? domain.slice(dot) : ''}`
}

/** What of an invitation its secret is made of: renewing it makes another one, and the old link opens nothing. */
export const secretSource = (invitation: { id: string; createdAt: Date }): string =>
  `${invitation.id} ${invitation.createdAt.toISOString()}`

/** How an invitation stands at a time. */
export function invitationState(invitation: { acceptedAt: Date | null; expiresAt: Date }, now: Date): 'open' | 'used' | 'expired' {
  if (invitation.acceptedAt) return 'used'
  return invitation.expiresAt <= now ? 'expired' : 'open'
}
