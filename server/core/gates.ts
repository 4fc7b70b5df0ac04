import { z } from 'zod'
import { db } from './db.ts'
import { adminEmails, baseUrl } from './env.ts'
import { AppError } from './errors.ts'
import type { Role } from './generated/prisma/enums.ts'
import { middleware, publicProcedure } from './trpc.ts'

declare const projectBrand: unique symbol
declare const actorBrand: unique symbol

/** A project that a gate has opened for this caller. Only this file mints it; every read of project data asks for it. */
export type ProjectId = string & { readonly [projectBrand]: true }
/** The person on whose behalf a call runs. Only this file mints it. */
export type ActorId = string & { readonly [actorBrand]: true }

/** A signed-in person. `admin` is derived from the verified e-mail at each request, so it is never stale. */
export interface Actor {
  id: ActorId
  email: string
  name: string | null
  image: string | null
  admin: boolean
}

// What no service is called need not be asked for; some of it the database could not even read.
const serviceName = /^[a-z0-9-]{1,64}$/
const rank: Record<Role, number> = { VIEWER: 1, MAINTAINER: 2, OWNER: 3 }

/** The session cookie's name: `__Host-` on HTTPS, so that no other host of the domain can set it. */
export const sessionCookieName = (secure: boolean) => `${secure ? '__Host-' : ''}next-auth.session-token`

function sessionToken(cookieHeader: string | null | undefined, secure: boolean): string | null {
  for (const part of (cookieHeader ?? '').split(';')) {
    const [name, ...value] = part.trim().split('=')
    if (name === sessionCookieName(secure)) return value.join('=')
  }
  return null
}

const userColumns = { id: true, email: true, name: true, image: true, emailVerified: true } as const

function toActor(user: { id: string; email: string; name: string | null; image: string | null; emailVerified: Date | null }): Actor {
  const admin = user.emailVerified !== null && adminEmails().includes(user.email.toLowerCase())
  return { id: user.id as ActorId, email: user.email, name: user.name, image: user.image, admin }
}

/** The person whose session cookie this header carries, or null: pages, raw routes and socket handshakes ask here. */
export async function actorFromSession(
  cookieHeader: string | null | undefined,
  secure = baseUrl().startsWith('https:'),
): Promise<Actor | null> {
  const token = sessionToken(cookieHeader, secure)
  if (!token) return null
  const session = await db().session.findUnique({
    where: { sessionToken: token, expires: { gt: new Date() } },
    select: { user: { select: userColumns } },
  })
  return session ? toActor(session.user) : null
}

/** A person by id, for calls that carry no cookie: the control socket's operator. */
export async function actorFromId(userId: string): Promise<Actor | null> {
  const user = await db().user.findUnique({ where: { id: userId }, select: userColumns })
  return user && toActor(user)
}

/**
 * Opens a project by its service name.
 * @throws AppError NOT_FOUND to whoever is no member (its existence is nobody else's business), FORBIDDEN below `minRole`
 */
export async function projectForActor(
  actorId: ActorId,
  service: string,
  minRole: Role = 'VIEWER',
): Promise<{ projectId: ProjectId; role: Role }> {
  const where = { userId: actorId, project: { slug: service } }
  const membership = serviceName.test(service) ? await db().membership.findFirst({ where, select: { role: true, projectId: true } }) : null
  if (!membership) throw new AppError('NOT_FOUND', 'There is no such service, or you are not a member of its project.', 'service')
  if (rank[membership.role] < rank[minRole]) throw new AppError('FORBIDDEN', `This needs the role ${minRole.toLowerCase()}.`)
  return { projectId: membership.projectId as ProjectId, role: membership.role }
}

/**
 * Opens a project for a raw route, on behalf of whoever's session the request carries.
 * @throws AppError UNAUTHENTICATED, and as `projectForActor`
 */
export async function projectForRequest(request: Request, service: string): Promise<ProjectId> {
  const actor = await actorFromSession(request.headers.get('cookie'))
  if (!actor) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
  return (await projectForActor(actor.id, service)).projectId
}

/** The projects a person is a member of, for lists. */
export async function projectsForActor(actorId: ActorId): Promise<{ projectId: ProjectId; role: Role }[]> {
  const rows = await db().membership.findMany({
    where: { userId: actorId },
    select: { role: true, projectId: true },
    orderBy: { createdAt: 'desc' },
  })
  return rows.map((row) => ({ projectId: row.projectId as ProjectId, role: row.role }))
}

/** Opens a project that has just been made by `actorId`, who is its owner. */
export async function projectOfOwner(actorId: ActorId, projectId: string): Promise<ProjectId> {
  const owner = await db().membership.findFirst({ where: { userId: actorId, projectId, role: 'OWNER' }, select: { projectId: true } })
  if (!owner) throw new AppError('NOT_FOUND', 'There is no such project.')
  return owner.projectId as ProjectId
}

const eventProject = z.object({ projectId: z.string().min(1) })

/** The project that an event of ours speaks of; only the server sends events, so its data may be believed. */
export function projectFromEvent(data: unknown): ProjectId {
  return eventProject.parse(data).projectId as ProjectId
}

/** Every project, for the sweeps at start and the proxy's look-up by name; never on behalf of a person. */
export async function systemProjects(service?: string): Promise<{ projectId: ProjectId; service: string }[]> {
  const rows = await db().project.findMany({ where: service ? { slug: service } : {}, select: { id: true, slug: true } })
  return rows.map((row) => ({ projectId: row.id as ProjectId, service: row.slug }))
}

/** For anyone who is signed in; `ctx.actor` is that person. */
export const userProcedure = publicProcedure.use(
  middleware(({ ctx, next }) => {
    if (!ctx.actor) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
    return next({ ctx: { actor: ctx.actor, actorId: ctx.actor.id } })
  }),
)

/** For administrators. */
export const adminProcedure = userProcedure.use(({ ctx, next }) => {
  if (!ctx.actor.admin) throw new AppError('FORBIDDEN', 'This is for administrators.')
  return next()
})

/** For members of the project whose service name stands in the input, from `minRole` upwards; gives `ctx.projectId` and `ctx.role`. */
export const projectProcedureFor = (minRole: Role) =>
  userProcedure.input(z.object({ service: z.string().min(1).max(64) })).use(async ({ ctx, input, next }) => {
    return next({ ctx: await projectForActor(ctx.actorId, input.service, minRole) })
  })

/** For every member of the project. */
export const projectProcedure = projectProcedureFor('VIEWER')
/** For those who may start, abort and deploy. */
export const maintainerProcedure = projectProcedureFor('MAINTAINER')
export { publicProcedure }
