import { z } from 'zod'
import { bearerSecret, type HeadersLike, hashSecret, sessionSecret } from './credentials.ts'
import { db, pool } from './db.ts'
import { adminEmails } from './env.ts'
import { AppError } from './errors.ts'
import { gather } from './gather.ts'
import type { Role } from './generated/prisma/enums.ts'
import { registry } from './registry.ts'

declare const projectBrand: unique symbol
declare const actorBrand: unique symbol

/** A project that a gate has opened for this caller. Only this file mints it; every read of project data asks for it. */
export type ProjectId = string & { readonly [projectBrand]: true }
/** The person on whose behalf a call runs. Only this file mints it. */
export type ActorId = string & { readonly [actorBrand]: true }

/** What an API token may be used for; it names each right, none contains another. */
export const tokenScopes = ['read', 'write', 'admin'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** A signed-in person. `admin` and `approved` are read at each request, so they are never stale. */
export interface Actor {
  id: ActorId
  email: string
  name: string | null
  image: string | null
  /** Listed in ADMIN_EMAILS with a verified address, or appointed by an administrator. */
  admin: boolean
  /** Let into the beta; administrators always are. */
  approved: boolean
  suspended: boolean
  onboarded: boolean
  /** The language and theme the person chose, where they did. */
  locale: string | null
  theme: string | null
}

/** How a caller is known: by a browser's session, an API token, or the data directory's control socket. */
export type Via = { kind: 'session'; id: string } | { kind: 'token'; id: string; scopes: readonly string[] } | { kind: 'operator' }

/** Who calls, and how they are known; neither for people who are not signed in. */
export type Caller = { actor: Actor; via: Via } | { actor: null; via: null }

// What no service is called need not be asked for; some of it the database could not even read.
const serviceName = /^[a-z0-9-]{1,64}$/
const rank: Record<Role, number> = { VIEWER: 1, MAINTAINER: 2, OWNER: 3 }

interface PersonRow {
  id: string
  email: string
  name: string | null
  image: string | null
  locale: string | null
  theme: string | null
  verified: boolean
  appointed: boolean
  approved: boolean
  suspended: boolean
  onboarded: boolean
}

const person = `u.id, u.email, coalesce(u."displayName", u.name) AS name, u.image, u.locale, u.theme, u."emailVerified" IS NOT NULL AS verified,
  u.admin AS appointed, u."approvedAt" IS NOT NULL AS approved, u."suspendedAt" IS NOT NULL AS suspended, u."onboardedAt" IS NOT NULL AS onboarded`

function toActor({ verified, appointed, ...row }: PersonRow): Actor {
  const admin = appointed || (verified && adminEmails().includes(row.email.toLowerCase()))
  const { id, email, name, image, locale, theme, suspended, onboarded } = row
  return { id: id as ActorId, email, name, image, admin, approved: row.approved || admin, suspended, onboarded, locale, theme }
}

// Every request asks this, so it is one prepared statement without Prisma. Times are compared in the database: its columns hold UTC without saying so.
async function ask<T>(name: string, text: string, values: unknown[]): Promise<T | undefined> {
  return (await pool().query({ name, text, values })).rows[0] as T | undefined
}

const sessionQuery = `SELECT s.id AS "sessionId", s."sessionToken" AS token, s."lastSeenAt" < to_timestamp($2 / 1000.0) AT TIME ZONE 'utc' - interval '5 minutes' AS stale, ${person}
  FROM "Session" s JOIN "User" u ON u.id = s."userId"
  WHERE s."sessionToken" = ANY($1::text[]) AND s.expires > to_timestamp($2 / 1000.0) AT TIME ZONE 'utc'`

type SessionRow = PersonRow & { sessionId: string; token: string; stale: boolean }
const sessionOf = gather<SessionRow>(async (hashes) => {
  const values = [hashes, registry('clock').now()]
  const { rows } = await pool().query<SessionRow>({ name: 'gates-session', text: sessionQuery, values })
  return new Map(rows.map((row) => [row.token, row]))
})

async function callerBySession(secret: string): Promise<Caller> {
  const now = registry('clock').now()
  const row = await sessionOf(hashSecret(secret))
  if (!row) return { actor: null, via: null }
  // Seen now and then is enough; nobody waits for it.
  if (row.stale)
    void db()
      .session.updateMany({ where: { id: row.sessionId }, data: { lastSeenAt: new Date(now) } })
      .catch(() => undefined)
  return { actor: toActor(row), via: { kind: 'session', id: row.sessionId } }
}

const tokenQuery = `SELECT t.id AS "tokenId", t.scopes, t."expiresAt" IS NOT NULL AND t."expiresAt" <= to_timestamp($2 / 1000.0) AT TIME ZONE 'utc' AS expired,
    coalesce(t."lastUsedAt" < to_timestamp($2 / 1000.0) AT TIME ZONE 'utc' - interval '1 minute', true) AS stale, ${person}
  FROM "ApiToken" t JOIN "User" u ON u.id = t."userId" WHERE t.hash = $1`

async function callerByToken(secret: string): Promise<Caller> {
  const now = registry('clock').now()
  type Row = PersonRow & { tokenId: string; scopes: string[]; expired: boolean; stale: boolean }
  const row = secret ? await ask<Row>('gates-token', tokenQuery, [hashSecret(secret), now]) : undefined
  if (!row) throw new AppError('UNAUTHENTICATED', 'This API token is not known.', undefined, { key: 'tokenUnknown' })
  if (row.expired) throw new AppError('UNAUTHENTICATED', 'This API token has expired.', undefined, { key: 'tokenExpired' })
  if (row.stale)
    void db()
      .apiToken.updateMany({ where: { id: row.tokenId }, data: { lastUsedAt: new Date(now) } })
      .catch(() => undefined)
  return { actor: toActor(row), via: { kind: 'token', id: row.tokenId, scopes: row.scopes } }
}

/**
 * Who sent a request: the owner of the API token in its Authorization header, else of the session in its cookie.
 * @throws AppError UNAUTHENTICATED for a token that is unknown or has expired
 */
export async function callerOf(headers: HeadersLike): Promise<Caller> {
  const token = bearerSecret(headers.get('authorization'))
  if (token !== null) return callerByToken(token)
  const secret = sessionSecret(headers.get('cookie'))
  return secret ? callerBySession(secret) : { actor: null, via: null }
}

/**
 * The person at a browser: what an API token must never do is done through this gate.
 * @throws AppError as `allowed`, and FORBIDDEN for API tokens
 */
export function atBrowser(caller: Caller, scope: TokenScope): Actor {
  const actor = allowed(caller, scope)
  if (caller.via?.kind === 'token')
    throw new AppError('FORBIDDEN', 'This cannot be done with an API token.', undefined, { key: 'noTokens' })
  return actor
}

/** Who sent a request to a raw route that is for people at a browser. @throws AppError as `callerOf` and `atBrowser` */
export async function browserForRequest(request: Request): Promise<{ actor: Actor; caller: Caller }> {
  const caller = await callerOf(request.headers)
  return { actor: atBrowser(caller, 'read'), caller }
}

/**
 * Who of those in the beta sent a request to a raw route.
 * @throws AppError as `callerOf` and `allowed`, and FORBIDDEN for those who are not in the beta
 */
export async function betaForRequest(request: Request, scope: TokenScope): Promise<Actor> {
  const actor = allowed(await callerOf(request.headers), scope)
  if (!actor.approved) throw new AppError('FORBIDDEN', 'This needs a place in the beta.', undefined, { key: 'notInBeta' })
  return actor
}

/** A person by id, for calls that carry no request: the control socket's operator. */
export async function actorFromId(userId: string): Promise<Actor | null> {
  const row = await ask<PersonRow>('gates-person', `SELECT ${person} FROM "User" u WHERE u.id = $1`, [userId])
  return row ? toActor(row) : null
}

/**
 * The person a request may act for.
 * @throws AppError UNAUTHENTICATED where nobody is signed in, FORBIDDEN for the suspended and for tokens without the scope
 */
export function allowed({ actor, via }: Caller, scope: TokenScope): Actor {
  if (!actor) throw new AppError('UNAUTHENTICATED', 'Sign in first.', undefined, { key: 'signInFirst' })
  if (actor.suspended) throw new AppError('FORBIDDEN', 'This account is suspended.', undefined, { key: 'suspended' })
  if (via.kind === 'token' && !via.scopes.includes(scope)) {
    throw new AppError('FORBIDDEN', `This API token lacks the scope "${scope}".`, undefined, { key: 'tokenScope', values: { scope } })
  }
  return actor
}

const noService = () =>
  new AppError('NOT_FOUND', 'There is no such service, or you are not a member of its project.', 'service', { key: 'noService' })

/**
 * Opens a project by its service name.
 * @throws AppError NOT_FOUND to whoever is no member (its existence is nobody else's business), FORBIDDEN below `minRole`
 */
export async function projectForActor(
  actorId: ActorId,
  service: string,
  minRole: Role = 'VIEWER',
): Promise<{ projectId: ProjectId; role: Role }> {
  const where = { userId: actorId, project: { slug: service, deletedAt: null } }
  const membership = serviceName.test(service) ? await db().membership.findFirst({ where, select: { role: true, projectId: true } }) : null
  if (!membership) throw noService()
  if (rank[membership.role] < rank[minRole]) {
    const role = minRole.toLowerCase()
    throw new AppError('FORBIDDEN', `This needs the role ${role}.`, undefined, { key: 'needsRole', values: { role } })
  }
  return { projectId: membership.projectId as ProjectId, role: membership.role }
}

const readerQuery = `SELECT p.id, p."publicRead", m.role FROM "Project" p
  LEFT JOIN "Membership" m ON m."projectId" = p.id AND m."userId" = $2 WHERE p.slug = $1 AND p."deletedAt" IS NULL`

/** What somebody may do in a project that they may look at; PUBLIC is everybody, where its pages are public. */
export type ReaderRole = Role | 'PUBLIC'

/**
 * Opens a project to be looked at: for its members, and for everybody where its owner has made the build pages public.
 * @throws AppError NOT_FOUND, and UNAUTHENTICATED instead of it where signing in might help
 */
export async function projectForReader(caller: Caller, service: string): Promise<{ projectId: ProjectId; role: ReaderRole }> {
  const { actor } = caller
  // One statement whoever asks for whatever: how long the answer takes says nothing about what exists.
  const project = serviceName.test(service)
    ? await ask<{ id: string; publicRead: boolean; role: Role | null }>('gates-reader', readerQuery, [service, actor?.id ?? null])
    : undefined
  const role = actor && !actor.suspended ? project?.role : null
  // A token is asked for its scope also where its owner could read without it: it was given to do certain things.
  if (role || (actor && !project?.publicRead)) allowed(caller, 'read')
  if (project && (role || project.publicRead)) return { projectId: project.id as ProjectId, role: role ?? 'PUBLIC' }
  if (!actor) allowed(caller, 'read')
  throw noService()
}

/** Opens a project for a raw route, to be looked at. @throws AppError as `callerOf` and `projectForReader` */
export async function projectForRequest(request: Request, service: string): Promise<ProjectId> {
  return (await projectForReader(await callerOf(request.headers), service)).projectId
}

/** The projects a person is a member of, for lists. */
export async function projectsForActor(actorId: ActorId): Promise<{ projectId: ProjectId; role: Role }[]> {
  const text = `SELECT m."projectId", m.role FROM "Membership" m JOIN "Project" p ON p.id = m."projectId"
    WHERE m."userId" = $1 AND p."deletedAt" IS NULL ORDER BY m."createdAt" DESC`
  const { rows } = await pool().query<{ projectId: ProjectId; role: Role }>({ name: 'gates-projects', text, values: [actorId] })
  return rows
}

/** Opens a project that has just been made by `actorId`, who is its owner. */
export async function projectOfOwner(actorId: ActorId, projectId: string): Promise<ProjectId> {
  const owner = await db().membership.findFirst({
    where: { userId: actorId, projectId, role: 'OWNER', project: { deletedAt: null } },
    select: { projectId: true },
  })
  if (!owner) throw new AppError('NOT_FOUND', 'There is no such project.')
  return owner.projectId as ProjectId
}

/**
 * A person's own space: the project whose key seals what they say to agents, made when it is first asked for. Nobody is its member, its
 * name is none that a request could ask for, and no list of projects has it.
 */
export async function spaceForActor(actorId: ActorId): Promise<ProjectId> {
  const find = () =>
    ask<{ id: string }>('gates-space', 'SELECT id FROM "Project" WHERE "personalOf" = $1 AND "deletedAt" IS NULL', [actorId])
  const found = await find()
  if (found) return found.id as ProjectId
  const names = { slug: `~${actorId}`, title: '', issueTitle: '', requestId: `space:${actorId}` }
  await db().project.createMany({ data: { ...names, createdById: actorId, personalOf: actorId }, skipDuplicates: true })
  const made = await find()
  if (!made) throw new AppError('CONFLICT', 'This person’s space is being removed.')
  return made.id as ProjectId
}

const eventProject = z.object({ projectId: z.string().min(1) })

/** The project that an event of ours speaks of; only the server sends events, so its data may be believed. */
export function projectFromEvent(data: unknown): ProjectId {
  return eventProject.parse(data).projectId as ProjectId
}

const eventPerson = z.object({ userId: z.string().min(1) })

/** The person that an event of ours speaks of. */
export function actorFromEvent(data: unknown): ActorId {
  return eventPerson.parse(data).userId as ActorId
}

async function projectsWhere(where: { personalOf?: null; slug?: string }): Promise<{ projectId: ProjectId; service: string }[]> {
  const rows = await db().project.findMany({ where: { deletedAt: null, ...where }, select: { id: true, slug: true } })
  return rows.map((row) => ({ projectId: row.id as ProjectId, service: row.slug }))
}

/** Every project but people's own spaces, for the sweeps at start and the proxy's look-up by name; never on behalf of a person. */
export const systemProjects = (service?: string) => projectsWhere({ personalOf: null, ...(service ? { slug: service } : {}) })

/** The same with people's own spaces, for whoever keeps keys; a space is named by a service that no project can have. */
export const systemKeepers = (service?: string) => projectsWhere(service ? { slug: service } : {})

/** Projects that were given up and are to be removed, for whoever removes them: no other gate opens one. */
export async function givenUpProjects(projectId?: string): Promise<{ projectId: ProjectId; service: string }[]> {
  const where = { deletedAt: { not: null }, ...(projectId ? { id: projectId } : {}) }
  const rows = await db().project.findMany({ where, select: { id: true, slug: true }, orderBy: { deletedAt: 'asc' } })
  return rows.map((row) => ({ projectId: row.id as ProjectId, service: row.slug }))
}

/** On whose behalf, and from where, something is changed: what the audit log writes down. */
export interface Act {
  /** Null where the server itself acts. */
  actorId: ActorId | null
  email: string
  address: string | null
  userAgent: string | null
  requestId: string
}
