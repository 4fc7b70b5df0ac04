import type { AuditAction, AuditRecord } from '@/server/audit/schema.ts'
import { auditedChange } from '@/server/audit/service.ts'
import type { Tx } from '@/server/core/db.ts'
import { adminEmails } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act } from '@/server/core/gates.ts'
import { personTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'

type Person = NonNullable<Awaited<ReturnType<typeof data.findPerson>>>

const now = () => new Date(registry('clock').now())
export const noSuchPerson = () => new AppError('NOT_FOUND', 'There is no such person.', 'id', { key: 'noSuchPerson' })
const lastAdministrator = () =>
  new AppError('CONFLICT', 'This is the last administrator: appoint another one first.', 'id', { key: 'lastAdministrator' })

/** Whether somebody is an administrator by ADMIN_EMAILS, which counts only for an address that Google vouches for. */
export const isListed = (person: { email: string; emailVerified: Date | null }, listed: readonly string[]) =>
  person.emailVerified !== null && listed.includes(person.email.toLowerCase())

/**
 * For whatever takes an administrator away, in the transaction that does so and before it does: somebody has to be left who may undo it.
 * @throws AppError CONFLICT
 */
export async function keepAnAdministrator(tx: Tx, userId: string): Promise<void> {
  if (await data.isLastAdministrator(tx, userId, adminEmails())) throw lastAdministrator()
}

/** Does an act to a person, writes it down where it changed something, and has their open pages and sockets ask the gates again. */
async function change(
  act: Act,
  id: string,
  action: AuditAction,
  work: (tx: Tx, person: Person) => Promise<boolean>,
  details?: AuditRecord['details'],
): Promise<void> {
  const person = await data.findPerson(id)
  if (!person) throw noSuchPerson()
  const target = { type: 'user', id, label: person.email } as const
  const changed = await auditedChange(act, { action, target, ...(details && { details }) }, (tx) => work(tx, person))
  if (changed) registry('hub').publish(personTopic(id), {})
}

/**
 * Locks a person out: their sessions end, their API tokens are refused, their services go on. Again changes nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN (oneself), CONFLICT (the last administrator)
 */
export async function suspend(act: Act, id: string, reason: string): Promise<void> {
  if (act.actorId === id) throw new AppError('FORBIDDEN', 'You cannot suspend yourself.', 'id', { key: 'notYourself' })
  const work = async (tx: Tx) => {
    await keepAnAdministrator(tx, id)
    if (!(await data.markSuspended(tx, id, now()))) return false
    await data.deleteSessions(tx, id)
    return true
  }
  await change(act, id, 'user.suspended', work, { reason })
}

/** Lets a suspended person in again; they sign in anew. @throws AppError NOT_FOUND */
export const restore = (act: Act, id: string) => change(act, id, 'user.restored', (tx) => data.markRestored(tx, id))

/** Makes somebody an administrator. @throws AppError NOT_FOUND, CONFLICT (the suspended) */
export const appointAdmin = (act: Act, id: string) =>
  change(act, id, 'user.admin-appointed', async (tx, person) => {
    if (person.suspendedAt)
      throw new AppError('CONFLICT', 'Somebody who is suspended cannot be an administrator.', 'id', { key: 'suspendedPerson' })
    return data.markAdmin(tx, id, true)
  })

/**
 * Takes an appointment back. Whom ADMIN_EMAILS names stays an administrator until that is changed.
 * @throws AppError NOT_FOUND, CONFLICT (named in ADMIN_EMAILS, or the last one)
 */
export const dismissAdmin = (act: Act, id: string) =>
  change(act, id, 'user.admin-dismissed', async (tx, person) => {
    if (isListed(person, adminEmails())) {
      const words = 'This person is an administrator because ADMIN_EMAILS names them: take the address out there.'
      throw new AppError('CONFLICT', words, 'id', { key: 'listedAdministrator' })
    }
    await keepAnAdministrator(tx, id)
    return data.markAdmin(tx, id, false)
  })

/** Signs a person out, everywhere or of one browser. @throws AppError NOT_FOUND */
export const endSessions = (act: Act, id: string, sessionId?: string) =>
  change(act, id, 'user.sessions-ended', async (tx) => (await data.deleteSessions(tx, id, sessionId)) > 0, {
    sessions: sessionId ? 'one' : 'all',
  })
