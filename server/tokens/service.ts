import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { audited, auditedChange } from '@/server/audit/service.ts'
import { hashSecret, newSecret, tokenPrefix } from '@/server/core/credentials.ts'
import { AppError } from '@/server/core/errors.ts'
import type { Act, Actor, ActorId } from '@/server/core/gates.ts'
import { personTopic } from '@/server/core/hub.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { type createTokenInput, type createTokenOutput, scopes, type TokenView, tokenLimits } from './schema.ts'

const dayMs = 24 * 3_600_000
/** Characters of a token by which its owner knows it again: what all begin with, and six of its own. */
const shownCharacters = tokenPrefix.length + 1 + 6

type TokenRow = NonNullable<Awaited<ReturnType<typeof data.findToken>>>

function tokenView(row: TokenRow): TokenView {
  const { id, name, prefix, createdAt, expiresAt, lastUsedAt } = row
  return {
    id,
    name,
    prefix,
    scopes: row.scopes.flatMap((scope) => z.enum(scopes).safeParse(scope).data ?? []),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    expired: expiresAt !== null && expiresAt.getTime() <= registry('clock').now(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }
}

/** A person's tokens, the newest first, those that have ended too. */
export const listTokens = async (actorId: ActorId): Promise<TokenView[]> => (await data.findTokens(actorId)).map(tokenView)

/**
 * Makes an API token. Its secret is given back this once; what is kept of it is a hash.
 * @throws AppError FORBIDDEN for the scope `admin` of somebody who is no administrator, CONFLICT where the person has too many
 */
export async function createToken(
  act: Act,
  actor: Actor,
  input: z.infer<typeof createTokenInput>,
): Promise<z.infer<typeof createTokenOutput>> {
  if (input.scopes.includes('admin') && !actor.admin)
    throw new AppError('FORBIDDEN', 'Only administrators can give a token the scope “admin”.', 'scopes', { key: 'adminScope' })
  const now = registry('clock').now()
  const [id, secret] = [randomUUID(), newSecret(tokenPrefix)]
  const token = {
    id,
    name: input.name,
    hash: hashSecret(secret),
    prefix: secret.slice(0, shownCharacters),
    scopes: scopes.filter((scope) => input.scopes.includes(scope)),
    createdAt: new Date(now),
    expiresAt: input.days === null ? null : new Date(now + input.days * dayMs),
  }
  const target = { type: 'token' as const, id, label: input.name }
  const details = { scopes: token.scopes.join(' '), expiresAt: token.expiresAt?.toISOString() ?? null }
  const row = await audited(act, { action: 'token.created', target, details }, async (tx) => {
    const stored = await data.insertToken(tx, actor.id, token, tokenLimits.perPerson)
    if (stored) return stored
    throw new AppError('CONFLICT', `You have ${tokenLimits.perPerson} tokens: revoke one first.`, undefined, {
      key: 'tooManyTokens',
      values: { most: tokenLimits.perPerson },
    })
  })
  return { token: tokenView(row), secret }
}

/** Ends a token at once. Ending it again, or one that never was this person's, changes nothing and says nothing. */
export async function revokeToken(act: Act, actorId: ActorId, id: string): Promise<void> {
  const token = await data.findToken(actorId, id)
  if (!token) return
  const target = { type: 'token' as const, id, label: token.name }
  await auditedChange(act, { action: 'token.revoked', target }, (tx) => data.deleteToken(tx, actorId, id))
  registry('hub').publish(personTopic(actorId), {})
}

/** Retention: tokens that ended long ago are removed. */
export const removeExpiredTokens = () => data.deleteExpired(new Date(registry('clock').now() - tokenLimits.keptAfterExpiryDays * dayMs))
