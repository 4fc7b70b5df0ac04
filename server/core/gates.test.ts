import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeProject, makeSession, makeUser } from '@/server/testing/factories.ts'
import { sessionSecret } from './credentials.ts'
import { AppError } from './errors.ts'
import { actorFromId, type Caller, callerOf, projectForActor, projectFromEvent } from './gates.ts'
import { adminProcedure, maintainerProcedure, projectProcedure, publicProcedure, userProcedure } from './procedures.ts'
import { type Context, createCallerFactory, errorForCaller, router } from './trpc.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const app = router({
  open: publicProcedure.query(() => 'open'),
  mine: userProcedure.query(({ ctx }) => ctx.actorId),
  admin: adminProcedure.query(() => 'admin'),
  see: projectProcedure.query(({ ctx }) => ctx.projectId),
  start: maintainerProcedure.query(({ ctx }) => ctx.role),
  breaks: publicProcedure.query(() => {
    throw new Error('postgres://user:secret@host')
  }),
  refuses: publicProcedure.input(z.object({ size: z.number().max(3) })).query(() => {
    throw new AppError('CONFLICT', 'Taken.', 'size')
  }),
})
const createCaller = createCallerFactory(app)
const as = async (userId: string | null) => {
  const actor = userId ? await actorFromId(userId) : null
  const caller: Caller = actor ? { actor, via: { kind: 'session', id: 's' } } : { actor: null, via: null }
  const context: Context = { caller, address: null, userAgent: null, requestId: 'r' }
  return createCaller(context)
}
const actorFromSession = async (cookie: string | null | undefined) => (await callerOf(new Headers(cookie ? { cookie } : {}))).actor

async function signedIn(expires: number): Promise<{ userId: string; token: string }> {
  const user = await makeUser()
  const cookie = await makeSession(user.id, { expires: new Date(expires) })
  return { userId: user.id, token: cookie.slice(cookie.indexOf('=') + 1) }
}

describe('a session cookie', () => {
  it('opens as its person, among other cookies, under the name that its scheme asks for', async () => {
    const { userId, token } = await signedIn(Date.now() + 60_000)
    expect((await actorFromSession(`a=b; next-auth.session-token=${token}; c=d`))?.id).toBe(userId)
    expect(await actorFromSession(`__Host-next-auth.session-token=${token}`)).toBeNull()
    // On HTTPS another host of the domain can set the cookie without the prefix.
    expect(sessionSecret(`next-auth.session-token=x; __Host-next-auth.session-token=${token}`, true)).toBe(token)
    expect(sessionSecret(`next-auth.session-token=${token}`, true)).toBeNull()
  })

  it('opens nothing where it has ended, is unknown, empty or another cookie', async () => {
    const { token } = await signedIn(Date.now() - 1)
    for (const cookie of [
      `next-auth.session-token=${token}`,
      'next-auth.session-token=x',
      'next-auth.session-token=',
      `x-next-auth.session-token=${token}`,
      '',
      null,
      undefined,
    ]) {
      expect(await actorFromSession(cookie)).toBeNull()
    }
  })

  it('that is no valid encoding opens nothing', async () => {
    expect(await actorFromSession('next-auth.session-token=%E0%A4%A')).toBeNull()
  })
})

describe('an administrator', () => {
  it('is whose verified e-mail is listed, never anybody else', async () => {
    const admin = await makeUser({ email: 'admin@maestro.localhost' })
    expect((await actorFromId(admin.id))?.admin).toBe(true)
    await database.db.user.update({ where: { id: admin.id }, data: { emailVerified: null } })
    expect((await actorFromId(admin.id))?.admin).toBe(false)
    await expect((await as((await makeUser()).id)).admin()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('a project', () => {
  it('opens for its members, by role, and does not exist for others', async () => {
    const project = await makeProject()
    const viewer = await makeUser()
    await database.db.membership.create({ data: { userId: viewer.id, projectId: project.id, role: 'VIEWER' } })
    const stranger = await makeUser()
    const input = { service: project.slug }
    expect(await (await as(project.createdById)).see(input)).toBe(project.id)
    expect(await (await as(project.createdById)).start(input)).toBe('OWNER')
    expect(await (await as(viewer.id)).see(input)).toBe(project.id)
    await expect((await as(viewer.id)).start(input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect((await as(stranger.id)).see(input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect((await as(null)).see(input)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    const actor = await asActor(stranger.id)
    const words = (service: string) => projectForActor(actor, service).catch((error: Error) => error.message)
    expect(await words('no-such-service')).toBe(await words(project.slug))
  })

  it('is opened for an event by the id that the server put there', () => {
    expect(projectFromEvent({ projectId: 'p1' })).toBe('p1')
    expect(() => projectFromEvent({})).toThrow()
  })
})

describe('what a caller sees of an error', () => {
  const shown = async (call: Promise<unknown>) =>
    errorForCaller(
      await call.then(
        () => Promise.reject(new Error('it passed')),
        (error) => error,
      ),
    )

  it('is our own words where they are ours', async () => {
    expect(await shown((await as(null)).refuses({ size: 1 }))).toEqual({ code: 'CONFLICT', message: 'Taken.', field: 'size' })
  })
  it('names the field of a refused input', async () => {
    expect(await shown((await as(null)).refuses({ size: 9 }))).toMatchObject({ code: 'BAD_REQUEST', field: 'size' })
  })
  it('is masked where it is not ours', async () => {
    const error = await shown((await as(null)).breaks())
    expect(error.code).toBe('INTERNAL')
    expect(JSON.stringify(error)).not.toContain('secret')
  })
})
