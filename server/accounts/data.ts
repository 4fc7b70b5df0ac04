import { db } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'

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

/** Whoever was appointed an administrator, or has one of these addresses. */
export const findAdministrators = (emails: string[]) =>
  db().user.findMany({
    where: { OR: [{ admin: true }, { email: { in: emails, mode: 'insensitive' } }] },
    select: { email: true, locale: true, emailVerified: true, suspendedAt: true },
    orderBy: { createdAt: 'asc' },
  })

/** Keeps when a person was first shown around. */
export async function saveOnboarded(actorId: ActorId, at: Date): Promise<void> {
  await db().user.updateMany({ where: { id: actorId, onboardedAt: null }, data: { onboardedAt: at } })
}

/** Removes sessions that have ended. */
export async function deleteExpiredSessions(before: Date): Promise<number> {
  return (await db().session.deleteMany({ where: { expires: { lt: before } } })).count
}

const profileColumns = {
  email: true,
  name: true,
  displayName: true,
  image: true,
  locale: true,
  theme: true,
  createdAt: true,
  lastLoginAt: true,
} as const

/** A person's own account, or null where it was deleted meanwhile. */
export const findProfile = (actorId: ActorId) => db().user.findUnique({ where: { id: actorId }, select: profileColumns })

/** Changes what the person chose here; what is undefined stays. False where the account is gone. */
export async function saveProfile(
  actorId: ActorId,
  changes: { displayName?: string | null | undefined; locale?: string | null | undefined; theme?: string | null | undefined },
): Promise<boolean> {
  return (await db().user.updateMany({ where: { id: actorId }, data: changes })).count === 1
}

const sessionColumns = { id: true, address: true, userAgent: true, createdAt: true, lastSeenAt: true } as const

/** One of a person's sessions that goes on. */
export const findSession = (actorId: ActorId, id: string, at: Date) =>
  db().session.findFirst({ where: { id, userId: actorId, expires: { gt: at } }, select: sessionColumns })

/** A person's sessions that go on, the newest first, without `except`; from below `cursor`. */
export const findSessions = (
  actorId: ActorId,
  { at, cursor, except, take }: { at: Date; cursor: string | undefined; except: string | null; take: number },
) =>
  db().session.findMany({
    where: {
      userId: actorId,
      expires: { gt: at },
      AND: [cursor ? { id: { lt: cursor } } : {}, except ? { id: { not: except } } : {}],
    },
    orderBy: { id: 'desc' },
    take,
    select: sessionColumns,
  })

/** Ends one session of a person; false where it is not this person's. */
export const deleteSession = async (actorId: ActorId, id: string) =>
  (await db().session.deleteMany({ where: { id, userId: actorId } })).count === 1

/** Ends all sessions of a person but one, or every one; returns how many. */
export const deleteSessions = async (actorId: ActorId, except: string | null) =>
  (await db().session.deleteMany({ where: { userId: actorId, ...(except ? { id: { not: except } } : {}) } })).count
