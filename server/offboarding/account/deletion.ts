import { keepAnAdministrator } from '@/server/administration/service.ts'
import { alsoAudited, audited } from '@/server/audit/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { AppError, isAppError } from '@/server/core/errors.ts'
import type { Act, Actor, ActorId } from '@/server/core/gates.ts'
import { personTopic, projectTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import { forgetFeedbackOf } from '@/server/feedback/service.ts'
import { documentObjectsOf, forgetDocuments } from '@/server/memory/service.ts'
import * as data from '../data.ts'
import { type Decision, decisionsOf, isConfirmed, type Problem } from '../rules.ts'
import type { DeleteAccountInput, DeletionPreview } from '../schema.ts'

type OwnedRow = Awaited<ReturnType<typeof data.findOwned>>[number]

const now = () => new Date(registry('clock').now())
const hasOtherOwner = ({ memberships }: OwnedRow, actorId: ActorId) =>
  memberships.some(({ role, user }) => role === 'OWNER' && user.id !== actorId)

/** Whoever is suspended could do nothing with what they inherit. */
const heirsOf = ({ memberships }: OwnedRow, actorId: ActorId) =>
  memberships
    .filter(({ user }) => user.id !== actorId && user.suspendedAt === null)
    .map(({ role, user }) => ({ userId: user.id, name: user.displayName ?? user.name, email: user.email, role }))

const ownedAlone = (rows: OwnedRow[], actorId: ActorId) =>
  rows
    .filter((row) => !hasOtherOwner(row, actorId))
    .map((row) => ({ projectId: row.id, service: row.slug, title: row.title, heirs: heirsOf(row, actorId) }))

/** What stands in the way of deleting an account: the projects to be answered for, each with who could own it then. */
export async function previewDeletion(actor: Actor): Promise<DeletionPreview> {
  const [owned, memberships, lastAdministrator] = await Promise.all([
    data.ownedNow(actor.id),
    data.findMemberships(actor.id),
    data.looked((tx) => keepAnAdministrator(tx, actor.id)).then(() => false, ifRefused(true)),
  ])
  const alone = ownedAlone(owned, actor.id)
  const left = memberships.filter(({ project }) => !alone.some(({ service }) => service === project.slug))
  return {
    email: actor.email,
    lastAdministrator,
    projects: alone.map(({ service, title, heirs }) => ({ service, title, heirs })),
    left: left.map(({ project }) => ({ service: project.slug, title: project.title })),
  }
}

const ifRefused =
  <T>(answer: T) =>
  (error: unknown): T => {
    if (isAppError(error)) return answer
    throw error
  }

function refusalOf({ kind, service }: Problem): AppError {
  const field = `projects.${service}`
  const told = (key: string) => ({ key, values: { service } })
  if (kind === 'unanswered') return new AppError('CONFLICT', `Say what becomes of ${service}.`, field, told('projectUnanswered'))
  if (kind === 'noHeir')
    return new AppError('CONFLICT', `Whoever is to own ${service} is not a member of it: choose again.`, field, told('noHeir'))
  return new AppError('CONFLICT', `You are not the only owner of ${service}: look again.`, field, told('projectNotAlone'))
}

async function carryOut(tx: Tx, act: Act, decision: Decision, owned: readonly OwnedRow[]): Promise<void> {
  const { projectId, service } = decision
  if (decision.action === 'delete') {
    await data.markGivenUp(tx, projectId, now())
    return alsoAudited(tx, act, { action: 'project.deleted', target: { type: 'project', id: projectId, label: service } })
  }
  const heir = owned.find(({ id }) => id === projectId)?.memberships.find(({ user }) => user.id === decision.to)
  await data.makeOwner(tx, projectId, decision.to)
  const target = { type: 'user', id: decision.to, label: heir?.user.email ?? decision.to } as const
  await alsoAudited(tx, act, { action: 'member.role-changed', target, details: { service, from: heir?.role ?? null, to: 'OWNER' } })
}

/** Tells whoever shows or guards something of the person, and of the projects that have another owner now. */
function tell(actorId: ActorId, decisions: readonly Decision[]): void {
  registry('hub').publish(personTopic(actorId), {})
  for (const decision of decisions) {
    if (decision.action === 'transfer') registry('hub').publish(personTopic(decision.to), {})
    registry('hub').publish(projectTopic(decision.projectId), { kind: 'project' })
  }
}

/**
 * Removes a person's account, all or nothing: projects that only they own are given up or get the owner they name, memberships, sessions,
 * tokens and applications go, and what they said to agents with their own space. Gives the projects that are to be removed now.
 * @throws AppError BAD_REQUEST (not confirmed), CONFLICT (a project that is not answered for, the last administrator), NOT_FOUND
 */
export async function takeLeave(act: Act, actor: Actor, input: DeleteAccountInput): Promise<string[]> {
  if (!isConfirmed(input.confirm, actor.email))
    throw new AppError('BAD_REQUEST', 'Type your own e-mail address to confirm.', 'confirm', { key: 'confirmEmail' })
  const record = { action: 'user.deleted', target: { type: 'user', id: actor.id, label: actor.email } } as const
  const [decisions, space] = await audited(act, record, async (tx) => {
    // First of all, as in every act that may take an administrator away: locks taken in another order would wait for each other.
    await keepAnAdministrator(tx, actor.id)
    if (!(await data.lockAccount(tx, actor.id)))
      throw new AppError('NOT_FOUND', 'This account does not exist any more.', undefined, { key: 'noAccount' })
    const owned = await data.findOwned(tx, actor.id)
    const decided = decisionsOf(ownedAlone(owned, actor.id), input.projects)
    if (!Array.isArray(decided)) throw refusalOf(decided)
    for (const decision of decided) await carryOut(tx, act, decision, owned)
    const own = await data.giveUpSpace(tx, actor.id, now())
    const objects = await documentObjectsOf(tx, actor.id)
    await data.deleteUser(tx, actor.id)
    // Last of all: their pictures and documents go at once, so little may still undo the rest.
    await forgetFeedbackOf(tx, actor.id)
    await forgetDocuments(objects)
    return [decided, own] as const
  })
  tell(actor.id, decisions)
  return [...decisions.flatMap(({ action, projectId }) => (action === 'delete' ? projectId : [])), ...(space ? [space] : [])]
}
