import { z } from 'zod'
import { AppError } from './errors.ts'
import { type Act, type Actor, allowed, atBrowser, type Caller, projectForActor, projectForReader, type TokenScope } from './gates.ts'
import type { Role } from './generated/prisma/enums.ts'
import { countUse, type LimitName } from './limits.ts'
import { type Access, type Context, middleware, publicProcedure } from './trpc.ts'

/** What every procedure of a signed-in person knows. */
function person(ctx: Context, scope: TokenScope) {
  const actor: Actor = allowed(ctx.caller, scope)
  const { address, userAgent, requestId } = ctx
  const act: Act = { actorId: actor.id, email: actor.email, address, userAgent, requestId }
  return { actor, actorId: actor.id, act, caller: ctx.caller as Extract<Caller, { actor: Actor }> }
}

const scopeOf = (type: string): TokenScope => (type === 'query' ? 'read' : 'write')

/** For anyone who is signed in, also before they are let into the beta; `ctx.actor` is that person, `ctx.act` what the audit log needs. */
export const userProcedure = publicProcedure
  .meta({ access: 'user' })
  .use(middleware(({ ctx, type, next }) => next({ ctx: person(ctx, scopeOf(type)) })))

/** For the person themselves at a browser: what an API token must never do, such as making another one. */
export const sessionProcedure = userProcedure.meta({ access: 'session' }).use(({ ctx, type, next }) => {
  atBrowser(ctx.caller, scopeOf(type))
  return next()
})

/** For people who were let into the beta. */
export const betaProcedure = userProcedure.meta({ access: 'beta' }).use(({ ctx, next }) => {
  if (!ctx.actor.approved) throw new AppError('FORBIDDEN', 'This needs a place in the beta.', undefined, { key: 'notInBeta' })
  return next()
})

/** For administrators; an API token needs the scope `admin` besides being one's. */
export const adminProcedure = publicProcedure.meta({ access: 'admin' }).use(
  middleware(({ ctx, next }) => {
    const known = person(ctx, 'admin')
    if (!known.actor.admin) throw new AppError('FORBIDDEN', 'This is for administrators.', undefined, { key: 'adminsOnly' })
    return next({ ctx: known })
  }),
)

const accessOf = { VIEWER: 'viewer', MAINTAINER: 'maintainer', OWNER: 'owner' } as const satisfies Record<Role, Access>
const serviceInput = z.object({ service: z.string().min(1).max(64) })

/** For members of the project whose service name stands in the input, from `minRole` upwards; gives `ctx.projectId` and `ctx.role`. */
export const projectProcedureFor = (minRole: Role) =>
  userProcedure
    .meta({ access: accessOf[minRole] })
    .input(serviceInput)
    .use(async ({ ctx, input, next }) => {
      return next({ ctx: await projectForActor(ctx.actorId, input.service, minRole) })
    })

/** For whoever may look at the project: its members, and everybody where its build pages are public. */
export const readerProcedure = publicProcedure
  .meta({ access: 'reader' })
  .input(serviceInput)
  .use(async ({ ctx, input, next }) => {
    return next({ ctx: await projectForReader(ctx.caller, input.service) })
  })

/** For every member of the project. */
export const projectProcedure = projectProcedureFor('VIEWER')
/** For those who may start, abort and deploy. */
export const maintainerProcedure = projectProcedureFor('MAINTAINER')
/** For those who decide about the project itself: its members, its visibility, its end. */
export const ownerProcedure = projectProcedureFor('OWNER')

/** Counts each call against a rate limit: `procedure.use(limitedBy('create'))`. */
export const limitedBy = (name: LimitName) =>
  middleware(async ({ ctx, next }) => {
    await countUse(name, ctx.caller, ctx.address)
    return next()
  })
export { publicProcedure }
