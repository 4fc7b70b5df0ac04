import { db, type Tx } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'

const columns = { id: true, name: true, prefix: true, scopes: true, createdAt: true, expiresAt: true, lastUsedAt: true } as const

/** A person's tokens, the newest first. */
export const findTokens = (actorId: ActorId) =>
  db().apiToken.findMany({ where: { userId: actorId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], select: columns })

/** One of a person's tokens. */
export const findToken = (actorId: ActorId, id: string) => db().apiToken.findFirst({ where: { id, userId: actorId }, select: columns })

export interface NewToken {
  id: string
  name: string
  hash: string
  prefix: string
  scopes: string[]
  createdAt: Date
  expiresAt: Date | null
}

/**
 * Stores a token unless its owner has `most` of them. The person's row is locked meanwhile, so that requests at once do not each
 * find room. Null where there is none.
 */
export async function insertToken(tx: Tx, actorId: ActorId, token: NewToken, most: number) {
  await tx.$queryRaw`SELECT 1 FROM "User" WHERE id = ${actorId} FOR UPDATE`
  if ((await tx.apiToken.count({ where: { userId: actorId } })) >= most) return null
  return tx.apiToken.create({ data: { userId: actorId, ...token }, select: columns })
}

/** Removes one of a person's tokens; false where it was gone. */
export const deleteToken = async (tx: Tx, actorId: ActorId, id: string) =>
  (await tx.apiToken.deleteMany({ where: { id, userId: actorId } })).count === 1

/** Removes tokens that ended before a time. */
export const deleteExpired = async (before: Date) => (await db().apiToken.deleteMany({ where: { expiresAt: { lt: before } } })).count
