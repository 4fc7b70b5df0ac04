import { randomBytes, randomUUID } from 'node:crypto'
import { Inngest } from 'inngest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '@/server/core/clock.ts'
import { actorFromId, type Caller, projectForReader, projectFromEvent } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { createCallerFactory } from '@/server/core/trpc.ts'
import { startSmtp } from '@/server/embedded/smtp/server.ts'
import { closeMail } from '@/server/notifications/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeProject, makeUser, unique } from '@/server/testing/factories.ts'
import { testKeys } from '@/server/testing/keys.ts'
import { membersRouter } from '../router.ts'
import type { MemberRole } from '../schema.ts'
import { sendInvitation, sweepInvitations } from '../service.ts'

let database: TestDatabase
let smtp: Awaited<ReturnType<typeof startSmtp>>
let ahead = 0
let address = '192.0.2.1'
const events: { name: string; id: string; data: { projectId: string; invitationId: string } }[] = []
const createCaller = createCallerFactory(membersRouter)
const dayMs = 24 * 3_600_000

beforeAll(async () => {
  database = await testDatabase({ maxConnections: 12 })
  const clock = { ...systemClock, now: () => systemClock.now() + ahead }
  smtp = await startSmtp({ clock, keep: 100, onError: () => undefined })
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    events.push(...JSON.parse(String(init?.body)))
    return Response.json({ ids: ['1'], status: 200 })
  }
  const inngest = new Inngest({ id: 'maestro', eventKey: 'test', isDev: false, fetch })
  const hub = { publish: () => undefined, subscribe: () => () => undefined, close: async () => undefined }
  register({
    hub,
    clock,
    inngest,
    ...testKeys(),
    mailbox: smtp.mailbox,
    mail: { url: smtp.url, from: 'Maestro <m@localhost>' },
  })
})
beforeEach(() => {
  ahead = 0
  address = unique('192.0.2')
  events.splice(0)
})
afterAll(async () => {
  closeMail()
  await smtp.stop()
  await database.drop()
})

async function as(userId: string | null) {
  const actor = userId ? await actorFromId(userId) : null
  const caller: Caller = actor ? { actor, via: { kind: 'session', id: 's' } } : { actor: null, via: null }
  return createCaller({ caller, address, userAgent: 'test', requestId: 'r' })
}

/** What the executor does with the events that were sent. */
async function deliver(): Promise<void> {
  for (const { data } of events) await sendInvitation(projectFromEvent(data), data.invitationId)
}

const mailsTo = async (email: string) => {
  const kept = await smtp.mailbox.list({ limit: 50, to: email })
  return Promise.all(kept.map(async ({ id }) => (await smtp.mailbox.get(id)) ?? { subject: '', text: '' }))
}
const secretIn = (text: string) => /\/invitations\/([\w-]+)/.exec(text)?.[1] ?? ''
const wordsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { cause?: { key?: string }; code: string }) => error.cause?.key ?? error.code,
  )

async function invited(role: MemberRole = 'MAINTAINER', over: Parameters<typeof makeUser>[0] = {}) {
  const project = await makeProject({ title: 'A secret title' })
  const guest = await makeUser({ email: `${unique('guest')}@example.com`, ...over })
  const owner = await as(project.createdById)
  const invitation = await owner.invite({ service: project.slug, email: guest.email, role })
  await deliver()
  const [mail] = await mailsTo(guest.email)
  return { project, service: project.slug, guest, owner, invitation, secret: secretIn(mail?.text ?? '') }
}

const roleOf = async (projectId: string, userId: string) =>
  (await database.db.membership.findUnique({ where: { userId_projectId: { userId, projectId } } }))?.role ?? null

describe('an invitation', () => {
  it('reaches its person by one mail, whose link alone holds the secret', async () => {
    const { guest, secret, invitation } = await invited()
    await deliver()
    await sweepInvitations()
    expect(await mailsTo(guest.email)).toHaveLength(1)
    expect(secret).toMatch(/^inv_[\w-]{43}$/)
    const kept = await database.pool.query('SELECT row_to_json(t)::text AS row FROM "Invitation" t WHERE id = $1', [invitation.id])
    const audit = await database.pool.query('SELECT row_to_json(t)::text AS row FROM "AuditEntry" t')
    for (const text of [JSON.stringify(kept.rows), JSON.stringify(audit.rows), JSON.stringify(events)]) expect(text).not.toContain(secret)
    expect(events.map(({ data }) => Object.keys(data).sort())).toEqual([
      ['correlationId', 'id', 'invitationId', 'projectId', 'source', 'time'],
    ])
  })

  it('speaks the language of whoever gets it, else that of the inviter', async () => {
    const project = await makeProject()
    const owner = await as(project.createdById)
    const known = await makeUser({ email: `${unique('known')}@example.com`, locale: 'ko' })
    const unknown = `${unique('unknown')}@example.com`
    await owner.invite({ service: project.slug, email: known.email, role: 'VIEWER', locale: 'en' })
    await owner.invite({ service: project.slug, email: unknown, role: 'VIEWER', locale: 'en' })
    await deliver()
    expect((await mailsTo(known.email))[0]?.text).toMatch(/[가-힣]/)
    expect((await mailsTo(unknown))[0]?.text).not.toMatch(/[가-힣]/)
  })

  it('makes a member of whoever accepts it, in the beta or not, once however often', async () => {
    const { project, service, guest, secret } = await invited('MAINTAINER', { approvedAt: null })
    const api = await as(guest.id)
    expect(await api.lookAt({ secret })).toMatchObject({ state: 'open', service, title: 'A secret title', role: 'MAINTAINER' })
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.accept({ secret })))
    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ service })))
    expect(await roleOf(project.id, guest.id)).toBe('MAINTAINER')
    expect(await database.db.auditEntry.count({ where: { action: 'member.joined', targetId: guest.id } })).toBe(1)
    const caller: Caller = { actor: (await actorFromId(guest.id)) as never, via: { kind: 'session', id: 's' } }
    expect(await projectForReader(caller, service)).toMatchObject({ role: 'MAINTAINER' })
    expect(await api.lookAt({ secret })).toEqual({ state: 'member', service })
    expect(await (await as(null)).lookAt({ secret })).toEqual({ state: 'used' })
  })

  it('never lowers a role that somebody has', async () => {
    const { project, guest, secret } = await invited('VIEWER')
    await database.db.membership.create({ data: { userId: guest.id, projectId: project.id, role: 'OWNER' } })
    await (await as(guest.id)).accept({ secret })
    expect(await roleOf(project.id, guest.id)).toBe('OWNER')
  })

  it('that was used brings nobody back', async () => {
    const { project, service, guest, owner, secret } = await invited()
    await (await as(guest.id)).accept({ secret })
    await owner.remove({ service, userId: guest.id })
    expect(await wordsOf((await as(guest.id)).accept({ secret }))).toBe('invitationUsed')
    expect(await (await as(guest.id)).lookAt({ secret })).toEqual({ state: 'used' })
    expect(await roleOf(project.id, guest.id)).toBeNull()
  })

  it('is for its address alone, verified, and tells another account nothing', async () => {
    const { project, service, guest, secret } = await invited()
    const other = await makeUser()
    const seen = await (await as(other.id)).lookAt({ secret })
    expect(seen).toEqual({ state: 'other-account', email: expect.stringContaining('•••'), yours: other.email })
    expect(JSON.stringify(seen)).not.toContain(guest.email)
    expect(JSON.stringify(seen)).not.toContain(service)
    for (const name of ['accept', 'decline'] as const) {
      expect(await wordsOf((await as(other.id))[name]({ secret }))).toBe('invitationOther')
      expect(await wordsOf((await as(null))[name]({ secret }))).toBe('signInFirst')
    }
    await database.db.user.update({ where: { id: guest.id }, data: { emailVerified: null } })
    expect(await wordsOf((await as(guest.id)).accept({ secret }))).toBe('invitationOther')
    await database.db.user.update({ where: { id: guest.id }, data: { emailVerified: new Date(), suspendedAt: new Date() } })
    expect(await wordsOf((await as(guest.id)).accept({ secret }))).toBe('suspended')
    expect(await roleOf(project.id, guest.id)).toBeNull()
  })

  it('tells somebody who is not signed in who invites to what', async () => {
    const { service, guest, secret } = await invited()
    const seen = await (await as(null)).lookAt({ secret })
    expect(seen).toMatchObject({ state: 'sign-in', inviter: 'A Person', service, role: 'MAINTAINER' })
    expect(JSON.stringify(seen)).not.toContain(guest.email)
  })

  it('ends: by time, by being withdrawn, declined or renewed, and with its project', async () => {
    const late = await invited()
    ahead = 7 * dayMs + 1_000
    expect(await (await as(null)).lookAt({ secret: late.secret })).toEqual({ state: 'expired' })
    expect(await wordsOf((await as(late.guest.id)).accept({ secret: late.secret }))).toBe('invitationExpired')
    expect((await late.owner.invitations({ service: late.service })).items).toMatchObject([{ expired: true }])
    ahead = 0

    const withdrawn = await invited()
    await withdrawn.owner.withdraw({ service: withdrawn.service, id: withdrawn.invitation.id })
    const declined = await invited()
    await (await as(declined.guest.id)).decline({ secret: declined.secret })
    const renewed = await invited()
    ahead = 120_000
    await renewed.owner.invite({ service: renewed.service, email: renewed.guest.email, role: 'VIEWER' })
    const gone = await invited()
    await database.db.project.update({ where: { id: gone.project.id }, data: { deletedAt: new Date() } })
    for (const { secret, guest } of [withdrawn, declined, renewed, gone]) {
      expect(await (await as(guest.id)).lookAt({ secret })).toEqual({ state: 'unknown' })
      expect(await wordsOf((await as(guest.id)).accept({ secret }))).toBe('invitationUnknown')
    }
    await deliver()
    const [newest] = await mailsTo(renewed.guest.email)
    expect(await (await as(renewed.guest.id)).accept({ secret: secretIn(newest?.text ?? '') })).toEqual({ service: renewed.service })
    expect(await roleOf(renewed.project.id, renewed.guest.id)).toBe('VIEWER')
  })

  it('cannot be accepted and withdrawn at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { project, service, guest, owner, invitation, secret } = await invited()
      const api = await as(guest.id)
      const [accepted, withdrawn] = await Promise.all([
        wordsOf(api.accept({ secret })),
        wordsOf(owner.withdraw({ service, id: invitation.id })),
      ])
      expect([accepted, withdrawn].filter((words) => words === 'done')).toHaveLength(1)
      expect(await roleOf(project.id, guest.id)).toBe(accepted === 'done' ? 'MAINTAINER' : null)
    }
  })

  it('is found by guessing by nobody', async () => {
    address = '198.51.100.7'
    const api = await as(null)
    const guess = () => `inv_${randomBytes(32).toString('base64url')}`
    const answers: string[] = []
    for (let at = 0; at < 130; at++)
      answers.push(
        await api.lookAt({ secret: guess() }).then(
          ({ state }) => state,
          (error) => error.code,
        ),
      )
    expect(answers.slice(0, 120).every((answer) => answer === 'unknown')).toBe(true)
    expect(answers.slice(120).every((answer) => answer === 'TOO_MANY_REQUESTS')).toBe(true)
    address = unique('192.0.2')
    for (const secret of ['', 'inv_', "' OR 1=1", '\u0000', randomUUID(), `inv_${'a'.repeat(43)}`])
      expect(await (await as(null)).lookAt({ secret })).toEqual({ state: 'unknown' })
  })
})

describe('whoever invites', () => {
  it('is told of members, of addresses that cannot be, and of too many', async () => {
    const { project, service, owner, guest, secret } = await invited()
    await (await as(guest.id)).accept({ secret })
    expect(await wordsOf(owner.invite({ service, email: guest.email.toUpperCase(), role: 'OWNER' }))).toBe('alreadyMember')
    await expect(owner.invite({ service, email: 'аdmin@example.com', role: 'OWNER' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const at = new Date()
    const row = { projectId: project.id, role: 'VIEWER', locale: 'en', createdAt: at, expiresAt: new Date(at.getTime() + dayMs) } as const
    const rows = Array.from({ length: 50 }, (_, n) => ({ ...row, email: `guest-${n}@example.org`, hash: unique('hash') }))
    await database.db.invitation.createMany({ data: rows })
    expect(await wordsOf(owner.invite({ service, email: 'one-more@example.org', role: 'VIEWER' }))).toBe('invitationsFull')
    await owner.invite({ service, email: 'guest-7@example.org', role: 'MAINTAINER' })
    const pages = [await owner.invitations({ service, limit: 30 })]
    pages.push(await owner.invitations({ service, limit: 30, cursor: pages[0]?.next ?? undefined }))
    expect(new Set(pages.flatMap(({ items }) => items.map(({ email }) => email))).size).toBe(50)
    await database.db.invitation.deleteMany({ where: { projectId: project.id } })
  })

  it('sends one mail by pressing twice, and no more than the receiver can bear', async () => {
    const project = await makeProject()
    const api = await as(project.createdById)
    const input = { service: project.slug, email: `${unique('guest')}@example.com`, role: 'VIEWER' as const }
    await Promise.all(Array.from({ length: 10 }, () => api.invite(input)))
    await deliver()
    expect(await mailsTo(input.email)).toHaveLength(1)
    expect(await database.db.auditEntry.count({ where: { action: 'member.invited', targetId: project.id } })).toBe(1)
    const answers: string[] = []
    for (let turn = 1; turn <= 30; turn++) {
      ahead = turn * 61_000
      answers.push(await wordsOf(api.invite(input)))
      await deliver()
    }
    expect(answers).toContain('tooMany')
  })

  it('has its mail sent by the sweep where the event was lost', async () => {
    const project = await makeProject()
    const email = `${unique('guest')}@example.com`
    await (await as(project.createdById)).invite({ service: project.slug, email, role: 'VIEWER' })
    events.splice(0)
    await sweepInvitations()
    await deliver()
    expect(await mailsTo(email)).toHaveLength(1)
  })
})
