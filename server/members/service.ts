import { audited } from '@/server/audit/service.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, ActorId, ProjectId } from '@/server/core/gates.ts'
import { personTopic, projectTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { keepsAnOwner } from './rules.ts'
import type { Member, MemberRole } from './schema.ts'

export { acceptInvitation, declineInvitation, lookAtInvitation } from './invitations/answer.ts'
export { invitationsOf, invite, withdrawInvitation } from './invitations/invite.ts'
export { sendInvitation, sweepInvitations } from './invitations/letter.ts'

/** The people of a project, owners first; `next` is the cursor of the next page. */
export async function membersOf(
  projectId: ProjectId,
  actorId: ActorId,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: Member[]; next: string | null }> {
  const rows = await data.findMembers(projectId, { cursor, take: limit + 1 })
  const items = rows.slice(0, limit).map(({ role, createdAt, user }) => ({
    userId: user.id,
    name: user.displayName ?? user.name,
    email: user.email,
    image: user.image,
    role,
    since: createdAt.toISOString(),
    you: user.id === actorId,
  }))
  return { items, next: rows.length > limit ? (items.at(-1)?.userId ?? null) : null }
}

const noMember = () => new AppError('NOT_FOUND', 'This person is not a member of the project.', 'userId', { key: 'noMember' })

async function memberOf(projectId: ProjectId, userId: string) {
  const member = await data.findMember(projectId, userId)
  if (!member) throw noMember()
  return { ...member, label: member.user.email, service: member.project.slug }
}

/** Says to whoever shows or guards something of a member that it changed. */
function tell(projectId: ProjectId, userId: string): void {
  registry('hub').publish(personTopic(userId), {})
  registry('hub').publish(projectTopic(projectId), { kind: 'project' })
}

type Tx = Parameters<Parameters<typeof audited>[2]>[0]

/** Changes a membership behind the project's lock; two owners who remove each other at once leave one. */
async function changeBehindLock(tx: Tx, projectId: ProjectId, userId: string, from: MemberRole, to: MemberRole | null): Promise<void> {
  if (!(await data.lockMembers(tx, projectId))) throw noMember()
  const members = await data.ownersAnd(tx, projectId, userId)
  const now = members.find((member) => member.userId === userId)?.role
  if (!now) throw noMember()
  if (now !== from) {
    throw new AppError('CONFLICT', 'Somebody else changed this member meanwhile: look again.', 'userId', { key: 'memberChanged' })
  }
  if (!keepsAnOwner(members, userId, to)) {
    throw new AppError('CONFLICT', 'A project needs an owner: make somebody else one first.', 'userId', { key: 'lastOwner' })
  }
  if (to === null) await data.deleteMember(tx, projectId, userId)
  else await data.setRole(tx, projectId, userId, to)
}

/**
 * Gives a member another role.
 * @throws AppError NOT_FOUND; CONFLICT for the last owner
 */
export async function changeRole(act: Act, projectId: ProjectId, userId: string, role: MemberRole): Promise<void> {
  const { role: from, label, service } = await memberOf(projectId, userId)
  if (from === role) return
  const target = { type: 'user', id: userId, label } as const
  await audited(act, { action: 'member.role-changed', target, details: { service, from, to: role } }, (tx) =>
    changeBehindLock(tx, projectId, userId, from, role),
  )
  tell(projectId, userId)
}

/**
 * Ends a membership; who ends their own has left.
 * @throws AppError NOT_FOUND; CONFLICT for the last owner
 */
export async function removeMember(act: Act, projectId: ProjectId, userId: string): Promise<void> {
  const { role, label, service } = await memberOf(projectId, userId)
  const action = act.actorId === userId ? 'member.left' : 'member.removed'
  await audited(act, { action, target: { type: 'user', id: userId, label }, details: { service, role } }, (tx) =>
    changeBehindLock(tx, projectId, userId, role, null),
  )
  tell(projectId, userId)
}
