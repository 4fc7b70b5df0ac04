import { randomUUID } from 'node:crypto'
import { hashSecret, newSecret, tokenPrefix } from '@/server/core/credentials.ts'
import { db } from '@/server/core/db.ts'
import type { Role } from '@/server/core/generated/prisma/enums.ts'
import { makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'

/** Everybody who may knock at a procedure's door. The tokens and the suspended person would be let in everywhere if it were not for that. */
export const personas = [
  'anonymous',
  'signed in',
  'applied',
  'approved stranger',
  'viewer',
  'maintainer',
  'owner',
  'admin',
  'suspended',
  'token',
  'expired token',
  'unknown token',
  'token without scope',
] as const
export type Persona = (typeof personas)[number]

/** What a call of one persona is made with: its credentials, and the project it asks for. */
export interface Knock {
  headers: Record<string, string>
  service: string
  projectId: string
  userId: string | null
}

const memberRole: Partial<Record<Persona, Role>> = {
  viewer: 'VIEWER',
  maintainer: 'MAINTAINER',
  owner: 'OWNER',
  suspended: 'OWNER',
  token: 'OWNER',
  'expired token': 'OWNER',
  'token without scope': 'OWNER',
}

async function makePerson(persona: Persona): Promise<string> {
  const fresh = persona === 'signed in' || persona === 'applied'
  const user = await makeUser({
    ...(fresh ? { approvedAt: null, onboardedAt: null } : {}),
    ...(persona === 'suspended' ? { suspendedAt: new Date(0), admin: true } : {}),
    ...(persona === 'admin' || persona === 'token without scope' ? { admin: true } : {}),
  })
  if (persona === 'applied') {
    const words = { name: 'A Person', company: '', purpose: 'Something useful for everybody.', teamSize: 'just-me', locale: 'en' }
    await db().betaApplication.create({ data: { userId: user.id, openFor: user.id, consentAt: new Date(0), ...words } })
  }
  return user.id
}

async function bearer(userId: string, scopes: string[], expiresAt: Date | null): Promise<Record<string, string>> {
  const secret = newSecret(tokenPrefix)
  await db().apiToken.create({ data: { userId, name: 'matrix', prefix: secret.slice(0, 8), hash: hashSecret(secret), scopes, expiresAt } })
  return { authorization: `Bearer ${secret}` }
}

/** Makes a person with everything that belongs to the persona, and a project of somebody else's that they stand to as it says. */
export async function knockOf(persona: Persona, needed: string, publicRead = false): Promise<Knock> {
  const project = await makeProject({ publicRead })
  const place = { service: project.slug, projectId: project.id }
  if (persona === 'anonymous') return { ...place, headers: {}, userId: null }
  if (persona === 'unknown token') return { ...place, headers: { authorization: `Bearer ${newSecret(tokenPrefix)}` }, userId: null }
  const userId = await makePerson(persona)
  const role = memberRole[persona]
  if (role) await db().membership.create({ data: { userId, projectId: project.id, role } })
  const all = ['read', 'write', 'admin']
  if (persona === 'token') return { ...place, userId, headers: await bearer(userId, all, null) }
  if (persona === 'expired token') return { ...place, userId, headers: await bearer(userId, all, new Date(Date.now() - 1_000)) }
  if (persona === 'token without scope') {
    const headers = await bearer(
      userId,
      all.filter((scope) => scope !== needed),
      null,
    )
    return { ...place, userId, headers }
  }
  return { ...place, userId, headers: { cookie: await makeSession(userId) } }
}

/** Another project's rows of every kind that an input can name. */
export async function strangersThings() {
  const project = await makeProject()
  const stream = await db().stream.create({ data: { projectId: project.id, kind: 'build' } })
  return { project, streamId: stream.id, unknown: randomUUID() }
}
