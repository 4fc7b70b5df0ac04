import type { z } from 'zod'
import type { SignIn } from '@/server/core/auth.ts'
import { adminEmails } from '@/server/core/env.ts'
import { AppError } from '@/server/core/errors.ts'
import { type Actor, actorFromId } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import type { signInSchema } from './schema.ts'

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
  if (identity) return { mode: identity.standIn ? 'stand-in' : 'google', missing: [] }
  return { mode: 'missing', missing: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'] }
}

/** Retention: sessions that have ended are removed. */
export const removeExpiredSessions = () => data.deleteExpiredSessions(now())
