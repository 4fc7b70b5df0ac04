import type { z } from 'zod'
import { administrators } from '@/server/accounts/service.ts'
import { auditedChange, systemAct } from '@/server/audit/service.ts'
import { baseUrl, env } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type Act, type Actor, type ActorId, actorFromId } from '@/server/core/gates.ts'
import { personTopic } from '@/server/core/hub.ts'
import { sendEvent } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import type { LetterRequest } from '@/server/notifications/schema.ts'
import { sendLetter, settledLetters } from '@/server/notifications/service.ts'
import * as data from './data.ts'
import { letterKeys, mayApplyAt, rejectedSince, teamFigures } from './rules.ts'
import {
  type Application,
  type ApplicationList,
  type ApplyInput,
  betaEvents,
  type DecideOutput,
  type Decision,
  type listInput,
  type Mine,
  teamSizes,
} from './schema.ts'

/** How long back a sweep looks for applications that nobody was told of. */
const sweptMs = 7 * 24 * 3_600_000
const now = () => new Date(registry('clock').now())
type EventName = (typeof betaEvents)[keyof typeof betaEvents]

/** Tells what happened to an application; a second time under the same id starts nothing. `again` makes it another event. */
const say = (name: EventName, applicationId: string, again = '') =>
  sendEvent({ name, id: `${name}:${applicationId}${again}`, source: 'beta', correlationId: applicationId, data: { applicationId } })

/** What is stored stands, also where nobody can be told of it just now: the next sweep says it again. */
const trySaying = (name: EventName, applicationId: string, again?: string) =>
  say(name, applicationId, again).catch((err) => logger.warn({ err, applicationId }, 'an event waits for the next sweep'))

const tell = (userId: string) => registry('hub').publish(personTopic(userId), {})

function shown(row: NonNullable<Awaited<ReturnType<typeof data.newestOf>>>) {
  const { id, name, company, purpose, createdAt } = row
  const teamSize = teamSizes.find((size) => size === row.teamSize) ?? teamSizes[0]
  return { id, name, company, purpose, teamSize, createdAt: createdAt.toISOString() }
}

/** Where somebody stands: in, waiting, turned away, or not yet there. */
export async function standingOf({ id, approved }: Pick<Actor, 'id' | 'approved'>): Promise<Mine> {
  if (approved) return { state: 'approved' }
  const row = await data.newestOf(id)
  if (row?.status === 'OPEN') return { state: 'open', application: shown(row), position: (await data.waitingBefore(row)) + 1 }
  if (row?.status !== 'REJECTED' || !row.decidedAt) return { state: 'none' }
  const [decidedAt, again] = [row.decidedAt.toISOString(), mayApplyAt(row.decidedAt).toISOString()]
  return { state: 'rejected', application: shown(row), message: row.message, decidedAt, mayApplyAt: again }
}

/**
 * Asks for a place in the beta, once: whoever waits already gets what they have, whoever is in is told so.
 * @throws AppError CONFLICT where a rejection is too fresh
 */
export async function apply(actor: Actor, { locale, ...input }: ApplyInput, requestId: string): Promise<Mine> {
  if (actor.approved) return standingOf(actor)
  const at = now()
  const language = actor.locale ?? locale ?? 'en'
  const made = await data.insertApplication(actor.id, input, { locale: language, at, rejectedSince: rejectedSince(at) })
  if (made) await trySaying(betaEvents.applied, made)
  if (env().BETA_OPEN) await admitWaiting(actor.id, requestId)
  const standing = await standingOf((await actorFromId(actor.id)) ?? actor)
  if (made || standing.state !== 'rejected') return standing
  throw new AppError('CONFLICT', `You may apply again from ${standing.mayApplyAt.slice(0, 10)} on.`, undefined, {
    key: 'applyLater',
    values: { date: standing.mayApplyAt.slice(0, 10) },
  })
}

/** Where the beta is open to everybody, nobody has to decide. */
async function admitWaiting(actorId: ActorId, requestId: string): Promise<void> {
  const row = await data.newestOf(actorId)
  if (row?.status === 'OPEN') await decide(systemAct(requestId), { ids: [row.id], decision: 'approve' })
}

/** Stands where a decider's id would, since a null there is somebody whose account is gone. */
const nobody = 'system'
const decider = (act: Act) => act.actorId ?? nobody

interface Decisive {
  ids: string[]
  decision: Decision
  message?: string | undefined
}

async function decideOne(act: Act, row: data.ApplicationRow, { decision, message }: Decisive): Promise<boolean> {
  const status = decision === 'approve' ? 'APPROVED' : 'REJECTED'
  const target = { type: 'application', id: row.id, label: row.user.email } as const
  const words = message || null
  const changed = await auditedChange(
    act,
    { action: decision === 'approve' ? 'beta.approved' : 'beta.rejected', target, details: { name: row.name, message: words } },
    (tx) => data.decideOpen(tx, row, { status, message: words, decidedById: decider(act), at: now() }),
  )
  if (!changed) return false
  tell(row.userId)
  await trySaying(betaEvents.decided, row.id)
  return true
}

/** Decides about applications, each for itself: what somebody has decided before stays as it is, and the caller is told by whom. */
export async function decide(act: Act, given: Decisive): Promise<DecideOutput> {
  const outcome: DecideOutput = { decided: [], before: [], missing: [] }
  const late: string[] = []
  for (const id of new Set(given.ids)) {
    const row = await data.findApplication(id)
    if (!row) outcome.missing.push(id)
    else if (row.status === 'OPEN' && (await decideOne(act, row, given))) outcome.decided.push(id)
    else late.push(id)
  }
  const rows = await data.findApplications(late)
  const deciders = await data.namesOf(rows.map(({ decidedById }) => decidedById))
  for (const row of rows) {
    const { id, name, status, decided } = viewOf(row, deciders)
    const mine = row.decidedById !== null && row.decidedById === act.actorId
    outcome.before.push({ id, name, status, by: decided?.by ?? null, automatic: decided?.automatic ?? false, mine })
  }
  return outcome
}

function viewOf(row: data.ApplicationRow, deciders: Map<string, string>): Application {
  const { email, image } = row.user
  const by = deciders.get(row.decidedById ?? '') ?? null
  const decided = row.decidedAt && { at: row.decidedAt.toISOString(), by, automatic: row.decidedById === nobody, message: row.message }
  return { ...shown(row), userId: row.userId, email, image, locale: row.locale, status: row.status, decided }
}

/** An application, for administrators. @throws AppError NOT_FOUND */
export async function applicationOf(id: string): Promise<Application> {
  const row = await data.findApplication(id)
  if (!row) throw new AppError('NOT_FOUND', 'There is no such application; its account may be gone.', 'id', { key: 'noApplication' })
  return viewOf(row, await data.namesOf([row.decidedById]))
}

/** A page of the queue, and how many there are of each kind. */
export async function listApplications(input: z.infer<typeof listInput>): Promise<ApplicationList> {
  const [{ items, next }, counts] = await Promise.all([data.listApplications(input), data.countApplications()])
  const deciders = await data.namesOf(items.map(({ decidedById }) => decidedById))
  return { items: items.map((row) => viewOf(row, deciders)), next, counts }
}

/**
 * Lets a person in, applied or not; what they have asked for counts as approved. Done before, it changes nothing.
 * @throws AppError NOT_FOUND
 */
export async function approveUser(act: Act, userId: string): Promise<void> {
  const email = await data.emailOf(userId)
  if (!email) throw new AppError('NOT_FOUND', 'There is no such person.', 'id', { key: 'noSuchPerson' })
  let settled: string | null = null
  const target = { type: 'user', id: userId, label: email } as const
  const changed = await auditedChange(act, { action: 'user.approved', target }, async (tx) => {
    const admitted = await data.admit(tx, userId, decider(act), now())
    settled = admitted.settled
    return admitted.changed
  })
  if (!changed) return
  tell(userId)
  if (settled) await trySaying(betaEvents.decided, settled)
}

const send = (row: data.ApplicationRow, key: string, letter: LetterRequest['letter']) =>
  sendLetter({ key, to: row.user.email, locale: row.user.locale ?? row.locale, letter })

/** Tells an applicant that their application is here; nothing where it is gone. */
export async function sendReceipt(id: string): Promise<void> {
  const row = await data.findApplication(id)
  if (row) await send(row, letterKeys.receipt(id), { name: 'betaReceipt', values: { name: row.name } })
}

/** Tells each administrator of an application. @throws whatever kept one of them from being told, after all were tried */
export async function sendNotices(id: string): Promise<void> {
  const row = await data.findApplication(id)
  if (!row) return
  const { name, company, purpose } = row
  const teamSize = teamFigures[shown(row).teamSize]
  const link = `${baseUrl()}/admin/applications?id=${id}`
  const letter = { name: 'betaNotice' as const, values: { name, email: row.user.email, company, purpose, teamSize, link } }
  const sent = await Promise.allSettled(
    (await administrators()).map(({ email, locale }) => sendLetter({ key: letterKeys.notice(id, email), to: email, locale, letter })),
  )
  const failed = sent.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

/** Tells an applicant what was decided, and where it goes on. */
export async function sendDecision(id: string): Promise<void> {
  const row = await data.findApplication(id)
  if (!row || row.status === 'OPEN') return
  const approved = row.status === 'APPROVED'
  const link = `${baseUrl()}${approved ? '/onboarding' : '/beta'}`
  await send(row, letterKeys.decision(id), { name: 'betaDecision', values: { name: row.name, approved, message: row.message, link } })
}

/**
 * Says again what was cut off between being stored and being told, and lets in who waits where the beta has been opened meanwhile. An
 * event that was taken but led to no mail is said as another one every hour.
 */
export async function sweepApplications(): Promise<void> {
  if (env().BETA_OPEN) {
    const ids = (await data.waiting(100)).map(({ id }) => id)
    await decide(systemAct('sweep'), { ids, decision: 'approve' })
  }
  const at = now()
  const rows = await data.recentApplications(new Date(at.getTime() - sweptMs))
  const told = await settledLetters(rows.flatMap(({ id }) => [letterKeys.receipt(id), letterKeys.decision(id)]))
  const again = `:${at.toISOString().slice(0, 13)}`
  for (const { id, status } of rows) {
    const missed = [
      ...(told.has(letterKeys.receipt(id)) ? [] : [betaEvents.applied]),
      ...(status === 'OPEN' || told.has(letterKeys.decision(id)) ? [] : [betaEvents.decided]),
    ]
    for (const name of missed) {
      await trySaying(name, id)
      await trySaying(name, id, again)
    }
  }
}
