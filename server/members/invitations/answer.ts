import { audited } from '@/server/audit/service.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, Actor, ActorId } from '@/server/core/gates.ts'
import { personTopic, projectTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { higherRole, invitationState, maskedEmail } from '../rules.ts'
import type { InvitationView } from '../schema.ts'
import { hashOf, noInvitation, now } from './types.ts'

type Row = NonNullable<Awaited<ReturnType<typeof data.findByHash>>>

async function find(secret: string): Promise<Row | null> {
  const hash = hashOf(secret)
  return hash ? data.findByHash(hash) : null
}

async function viewFor(row: Row, actor: Actor): Promise<InvitationView> {
  if (!(await data.ownsAddress(actor.id, row.email))) return { state: 'other-account', email: maskedEmail(row.email), yours: actor.email }
  const { slug: service, title } = row.project
  const state = invitationState(row, now())
  if (state === 'used') return (await data.currentRole(row.projectId, actor.id)) ? { state: 'member', service } : { state: 'used' }
  if (state === 'expired') return { state }
  const inviter = (await data.namesOf([row.invitedById])).get(row.invitedById ?? '') ?? null
  return { state, inviter, service, title, role: row.role, email: row.email, expiresAt: row.expiresAt.toISOString() }
}

/** What somebody with this link is told: whoever has the secret may know who invites to what, whoever it is meant for may answer. */
export async function lookAtInvitation(secret: string, actor: Actor | null): Promise<InvitationView> {
  const row = await find(secret)
  if (!row) return { state: 'unknown' }
  if (actor) return viewFor(row, actor)
  const state = invitationState(row, now())
  if (state !== 'open') return { state }
  const inviter = (await data.namesOf([row.invitedById])).get(row.invitedById ?? '') ?? null
  const { slug: service, title } = row.project
  return { state: 'sign-in', inviter, service, title, role: row.role, email: maskedEmail(row.email) }
}

/** The invitation behind a link, for the person it is meant for. @throws AppError NOT_FOUND, FORBIDDEN */
async function meantFor(secret: string, actorId: ActorId): Promise<Row> {
  const row = await find(secret)
  if (!row) throw noInvitation()
  if (await data.ownsAddress(actorId, row.email)) return row
  const email = maskedEmail(row.email)
  throw new AppError('FORBIDDEN', `This invitation is for ${email}: sign in with that account.`, undefined, {
    key: 'invitationOther',
    values: { email },
  })
}

const used = () => new AppError('CONFLICT', 'This invitation was used already.', undefined, { key: 'invitationUsed' })
const expired = () => new AppError('CONFLICT', 'This invitation has expired: ask for another one.', undefined, { key: 'invitationExpired' })

/** Another answer to the same invitation came first. */
class Overtaken extends Error {}

/** Takes the invitation and makes the membership, both or neither. A role that is higher already stays. */
async function join(act: Act, row: Row, actorId: ActorId): Promise<void> {
  const { projectId, email: label, project } = row
  const record = {
    action: 'member.joined',
    target: { type: 'user', id: actorId, label },
    details: { service: project.slug, role: row.role },
  } as const
  await audited(act, record, async (tx) => {
    if (!(await data.lockMembers(tx, projectId))) throw noInvitation()
    if (!(await data.takeInvitation(tx, row.id, row.hash, now()))) throw new Overtaken()
    const role = await data.roleIn(tx, projectId, actorId)
    await data.putMember(tx, projectId, actorId, role ? higherRole(role, row.role) : row.role)
  })
  registry('hub').publish(personTopic(actorId), {})
  registry('hub').publish(projectTopic(projectId), { kind: 'project' })
}

/**
 * Makes the person whom an invitation is meant for a member. Accepting twice is accepting once; an invitation that was used does not bring
 * back whoever was removed since.
 * @throws AppError NOT_FOUND, FORBIDDEN for another account, CONFLICT where it was used or has expired
 */
export async function acceptInvitation(act: Act, actorId: ActorId, secret: string): Promise<{ service: string }> {
  const row = await meantFor(secret, actorId)
  const state = invitationState(row, now())
  if (state === 'expired') throw expired()
  if (state === 'used') {
    if (await data.currentRole(row.projectId, actorId)) return { service: row.project.slug }
    throw used()
  }
  try {
    await join(act, row, actorId)
  } catch (error) {
    // Looked at again: it was accepted in another window, or withdrawn.
    if (error instanceof Overtaken) return acceptInvitation(act, actorId, secret)
    throw error
  }
  return { service: row.project.slug }
}

/**
 * Says no: the invitation is gone.
 * @throws AppError as `acceptInvitation`
 */
export async function declineInvitation(act: Act, actorId: ActorId, secret: string): Promise<void> {
  const row = await meantFor(secret, actorId)
  if (invitationState(row, now()) === 'used') throw used()
  const target = { type: 'project', id: row.projectId, label: row.project.slug } as const
  const details = { email: row.email, role: row.role }
  await audited(act, { action: 'member.invitation-declined', target, details }, async (tx) => {
    if (!(await data.deleteInvitation(tx, row.id, row.hash))) throw noInvitation()
  })
  registry('hub').publish(projectTopic(row.projectId), { kind: 'project' })
}
