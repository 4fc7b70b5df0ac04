import { db } from '@/server/core/db.ts'

/** Writes what the last sign-in said of a person. An address that stands with somebody else stays there, and is not this person's. */
export async function saveSignIn(input: {
  userId: string
  googleId: string
  email: string
  name: string | null
  image: string | null
  at: Date
}): Promise<void> {
  const { userId, googleId, email, name, image, at } = input
  const taken = await db().user.count({ where: { email, id: { not: userId } } })
  // The old address is not vouched for any more, and with it goes whatever it allowed.
  const address = taken ? { emailVerified: null } : { email, emailVerified: at }
  await db().user.update({ where: { id: userId }, data: { googleId, name, image, lastLoginAt: at, ...address } })
}

/** The person with this e-mail, made where there is none yet. */
export async function upsertUser(email: string, name: string, at: Date): Promise<string> {
  const user = await db().user.upsert({ where: { email }, update: {}, create: { email, name, emailVerified: at }, select: { id: true } })
  return user.id
}

/** Removes sessions that have ended. */
export async function deleteExpiredSessions(before: Date): Promise<number> {
  return (await db().session.deleteMany({ where: { expires: { lt: before } } })).count
}
