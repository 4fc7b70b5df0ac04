import { randomUUID } from 'node:crypto'
import { audited } from '@/server/audit/service.ts'
import { hashSecret } from '@/server/core/credentials.ts'
import { allowedDomains } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, ProjectId } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { checkMailable } from '@/server/notifications/service.ts'
import * as data from '../data.ts'
import { invitationState } from '../rules.ts'
import { type Invitation, invitationLimits, type MemberRole } from '../schema.ts'
import { announce } from './letter.ts'
import { noInvitation, now, secretOf } from './types.ts'

/** The same invitation asked for again within this time is a double click, or a request that was sent twice. */
const sameRequestMs = 60_000

type Row = Awaited<ReturnType<typeof data.putInvitation>>

/** Ends a transaction in which there was nothing to do. */
class Unchanged extends Error {
  constructor(readonly row: Row) {
    super('unchanged')
  }
}

function shown(row: Row, invitedBy: string | null, at: Date): Invitation {
  const { id, email, role, createdAt, expiresAt } = row
  return {
    ...{ id, email, role, invitedBy },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    expired: expiresAt <= at,
  }
}

async function checkReachable(email: string): Promise<void> {
  const domains = allowedDomains()
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (domains.length > 0 && !domains.includes(domain)) {
    const words = `People of ${domain} cannot sign in here: this installation is for ${domains.join(', ')}.`
    throw new AppError('BAD_REQUEST', words, 'email', { key: 'inviteDomain', values: { domain, domains: domains.join(', ') } })
  }
  await checkMailable(email)
}

interface Wish {
  email: string
  role: MemberRole
  locale: string
}

async function store(tx: Parameters<typeof data.putInvitation>[0], act: Act, projectId: ProjectId, wish: Wish): Promise<Row> {
  const { email, role } = wish
  if (!(await data.lockMembers(tx, projectId))) throw new AppError('NOT_FOUND', 'There is no such project.')
  if (await data.isMember(tx, projectId, email)) {
    throw new AppError('CONFLICT', 'This person is a member already.', 'email', { key: 'alreadyMember' })
  }
  const at = now()
  const former = await data.findInvitationOf(tx, projectId, email)
  const fresh = former && invitationState(former, at) === 'open' && at.getTime() - former.createdAt.getTime() < sameRequestMs
  if (fresh && former.role === role) throw new Unchanged(former)
  if ((await data.countOpen(tx, projectId, email, at)) >= invitationLimits.openMax) {
    const max = invitationLimits.openMax
    throw new AppError('CONFLICT', `${max} invitations of this project are open: withdraw one first.`, 'email', {
      key: 'invitationsFull',
      values: { max },
    })
  }
  const made = { id: former?.id ?? randomUUID(), createdAt: at }
  const rest = { hash: hashSecret(secretOf(made)), invitedById: act.actorId, expiresAt: new Date(at.getTime() + invitationLimits.validMs) }
  return data.putInvitation(tx, projectId, { ...wish, ...made, ...rest })
}

/**
 * Invites somebody by mail. Whoever is invited already is invited anew: the former link opens nothing any more.
 * @throws AppError CONFLICT for members, BAD_REQUEST, TOO_MANY_REQUESTS
 */
export async function invite(act: Act, projectId: ProjectId, wish: Wish): Promise<Invitation> {
  await checkReachable(wish.email)
  const label = (await data.serviceOf(projectId)) ?? ''
  const details = { email: wish.email, role: wish.role }
  const row = await audited(act, { action: 'member.invited', target: { type: 'project', id: projectId, label }, details }, (tx) =>
    store(tx, act, projectId, wish),
  ).catch((error: unknown) => {
    if (error instanceof Unchanged) return error.row
    throw error
  })
  await announce(row)
  registry('hub').publish(projectTopic(projectId), { kind: 'project' })
  return shown(row, (await data.namesOf([row.invitedById])).get(row.invitedById ?? '') ?? null, now())
}

/** Invitations that nobody has accepted, newest first; those that have expired are marked. */
export async function invitationsOf(
  projectId: ProjectId,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: Invitation[]; next: string | null }> {
  const rows = await data.findInvitations(projectId, { cursor, take: limit + 1 })
  const names = await data.namesOf(rows.map((row) => row.invitedById))
  const items = rows.slice(0, limit).map((row) => shown(row, names.get(row.invitedById ?? '') ?? null, now()))
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/**
 * Takes an invitation back: its link opens nothing any more.
 * @throws AppError NOT_FOUND, also where it was accepted meanwhile
 */
export async function withdrawInvitation(act: Act, projectId: ProjectId, id: string): Promise<void> {
  const row = await data.findInvitation(projectId, id)
  if (!row) throw noInvitation()
  const target = { type: 'project', id: projectId, label: row.project.slug } as const
  const details = { email: row.email, role: row.role }
  await audited(act, { action: 'member.invitation-withdrawn', target, details }, async (tx) => {
    if (!(await data.deleteInvitation(tx, id, row.hash))) throw noInvitation()
  })
  registry('hub').publish(projectTopic(projectId), { kind: 'project' })
}
