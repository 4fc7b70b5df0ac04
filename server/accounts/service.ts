import type { z } from 'zod'
import type { SignIn } from '@/server/core/auth.ts'
import { adminEmails, allowedDomains } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type Actor, type ActorId, actorFromId, type Via } from '@/server/core/gates.ts'
import { personTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { agentOf } from './rules.ts'
import {
  localeChoiceSchema,
  type Profile,
  type profileInput,
  type SessionView,
  type sessionsOutput,
  sessionsPage,
  type signInSchema,
  themeChoiceSchema,
} from './schema.ts'

const now = () => new Date(registry('clock').now())

/** Keeps what a verified sign-in said of the person: Google's id, name, picture, and when. */
export async function recordSignIn(signIn: SignIn): Promise<void> {
  await data.saveSignIn({ ...signIn, at: now() })
}

/**
 * The person on whose behalf the command line acts: the first administrator. Whoever can open the control socket owns the data
 * directory, so the file's permissions are the authentication.
 * @throws AppError FORBIDDEN where nobody is an administrator: what the command line made could be seen by nobody
 */
export async function operatorActor(): Promise<Actor> {
  const [email] = adminEmails()
  if (!email) throw new AppError('FORBIDDEN', 'Set ADMIN_EMAILS: the command line acts for the first administrator, and there is none.')
  const id = await data.upsertUser(email, 'Administrator', now())
  const actor = await actorFromId(id)
  if (!actor) throw new Error('the operator was not stored')
  return actor
}

/** How people sign in here; `missing` names what an operator has to set. */
export function signInState(): z.infer<typeof signInSchema> {
  const identity = registry('identity')
  const domains = allowedDomains()
  if (identity) return { mode: identity.standIn ? 'stand-in' : 'google', missing: [], domains }
  return { mode: 'missing', missing: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'], domains }
}

/** Where administrators are reached: those who were appointed, and those whom the operator has named, also before their first sign-in. */
export async function administrators(): Promise<{ email: string; locale: string | null }[]> {
  const named = adminEmails()
  const known = await data.findAdministrators(named)
  const reached = known.filter(({ suspendedAt, emailVerified }) => !suspendedAt && emailVerified)
  const strangers = named.filter((email) => !known.some((person) => person.email.toLowerCase() === email))
  return [...reached, ...strangers.map((email) => ({ email, locale: null }))].map(({ email, locale }) => ({ email, locale }))
}

/** Remembers that a person was shown around, or did not want to be. */
export const finishOnboarding = (actorId: ActorId) => data.saveOnboarded(actorId, now())

/** Retention: sessions that have ended are removed. */
export const removeExpiredSessions = () => data.deleteExpiredSessions(now())

const noAccount = () => new AppError('NOT_FOUND', 'This account does not exist any more.', undefined, { key: 'noAccount' })

/**
 * A person's own profile.
 * @throws AppError NOT_FOUND where the account was deleted meanwhile
 */
export async function profileOf(actorId: ActorId): Promise<Profile> {
  const row = await data.findProfile(actorId)
  if (!row) throw noAccount()
  return {
    email: row.email,
    googleName: row.name,
    displayName: row.displayName,
    image: row.image,
    locale: localeChoiceSchema.catch(null).parse(row.locale),
    theme: themeChoiceSchema.catch(null).parse(row.theme),
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
  }
}

/** Changes what a person chose: the name to be called by, the language, the theme. */
export async function changeProfile(actorId: ActorId, changes: z.infer<typeof profileInput>): Promise<Profile> {
  if (!(await data.saveProfile(actorId, changes))) throw noAccount()
  return profileOf(actorId)
}

type SessionRow = NonNullable<Awaited<ReturnType<typeof data.findSession>>>
/** A session as it is shown, to its person and to administrators. */
export const sessionView = ({ userAgent, createdAt, lastSeenAt, ...row }: SessionRow, current: boolean): SessionView => ({
  ...row,
  ...agentOf(userAgent),
  current,
  createdAt: createdAt.toISOString(),
  lastSeenAt: lastSeenAt.toISOString(),
})

/** The session a caller came with, if it was one. */
const ownSession = (via: Via): string | null => (via.kind === 'session' ? via.id : null)

/** Where a person is signed in: this browser first, then the others, the newest first; `next` is the `cursor` of the next page. */
export async function listSessions(actorId: ActorId, via: Via, cursor?: string): Promise<z.infer<typeof sessionsOutput>> {
  const own = ownSession(via)
  const [current, others] = await Promise.all([
    own && !cursor ? data.findSession(actorId, own, now()) : null,
    data.findSessions(actorId, { at: now(), cursor, except: own, take: sessionsPage + 1 }),
  ])
  const page = others.slice(0, sessionsPage)
  return {
    items: [...(current ? [sessionView(current, true)] : []), ...page.map((row) => sessionView(row, false))],
    next: others.length > sessionsPage ? (page.at(-1)?.id ?? null) : null,
  }
}

/**
 * Signs a person out of one browser; its sockets close at once.
 * @throws AppError NOT_FOUND where there is no such session, or it is somebody else's
 */
export async function endSession(actorId: ActorId, id: string): Promise<void> {
  if (!(await data.deleteSession(actorId, id)))
    throw new AppError('NOT_FOUND', 'There is no such session; it may have ended already.', 'id', { key: 'noSession' })
  registry('hub').publish(personTopic(actorId), {})
}

/** Signs a person out of every browser but the one that asks; gives how many there were. */
export async function endOtherSessions(actorId: ActorId, via: Via): Promise<number> {
  const ended = await data.deleteSessions(actorId, ownSession(via))
  registry('hub').publish(personTopic(actorId), {})
  return ended
}

/** Signs a person out everywhere, this browser included; gives how many sessions there were. */
export async function endEverySession(actorId: ActorId): Promise<number> {
  const ended = await data.deleteSessions(actorId, null)
  registry('hub').publish(personTopic(actorId), {})
  return ended
}
