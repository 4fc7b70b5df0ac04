import { db } from '@/server/core/db.ts'

/** Writes what the last sign-in said of a person. */
export async function saveSignIn(input: {
  userId: string
  googleId: string
  name: string | null
  image: string | null
  at: Date
}): Promise<void> {
  const { userId, googleId, name, image, at } = input
  await db().user.update({ where: { id: userId }, data: { googleId, name, image, lastLoginAt: at, emailVerified: at } })
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
