import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemAct } from '@/server/audit/service.ts'
import { systemClock } from '@/server/core/clock.ts'
import { env, parseEnv } from '@/server/core/env.ts'
import { actorFromId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { register } from '@/server/core/registry.ts'
import { type Executor, startExecutor } from '@/server/embedded/executor/executor.ts'
import { type EmbeddedSmtp, startSmtp } from '@/server/embedded/smtp/server.ts'
import { closeMail } from '@/server/notifications/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeUser } from '@/server/testing/factories.ts'
import { until } from '@/server/testing/until.ts'
import { makeBetaFunctions } from './jobs.ts'
import { apply, decide, sweepApplications } from './service.ts'

let database: TestDatabase
let smtp: EmbeddedSmtp
let executor: Executor
const silent = pino({ level: 'silent' })
const closing: (() => unknown)[] = []

beforeAll(async () => {
  database = await testDatabase()
  const inngest = makeInngest(parseEnv({}), silent)
  const hub = await openPostgresHub(database.url)
  smtp = await startSmtp({ clock: systemClock, keep: 1_000, onError: () => undefined })
  register({ inngest, hub, embeddedExecutor: true, mail: { url: smtp.url, from: 'Maestro <maestro@localhost>' }, mailbox: smtp.mailbox })
  const functions = makeBetaFunctions(inngest)
  executor = await startExecutor({ pool: database.pool, inngest, functions, clock: systemClock, log: silent, pollMs: 50, backoffMs: [30] })
  closing.push(
    () => executor.stop(2_000),
    closeMail,
    smtp.stop,
    () => hub.close(),
    () => database.drop(),
  )
  await makeUser({ email: 'bo@example.com', admin: true, locale: 'ko' })
  await makeUser({ email: 'gone@example.com', admin: true, suspendedAt: new Date() })
})
afterAll(async () => {
  for (const close of closing) await close()
})
beforeEach(() => {
  env().BETA_OPEN = false
})

const applicant = async (email: string, over = {}) => {
  const { id } = await makeUser({ email, approvedAt: null, ...over })
  const actor = await actorFromId(id)
  if (!actor) throw new Error('there is no such person')
  const input = {
    name: '<b>Jo</b> & co',
    company: '',
    purpose: 'A rota for our volunteers.',
    teamSize: 'more' as const,
    consent: true as const,
  }
  await apply(actor, input, 'r')
  const application = await database.db.betaApplication.findFirstOrThrow({ where: { userId: id } })
  return { actor, id: application.id }
}
const mailsTo = async (to: string) => {
  const mails = await smtp.mailbox.list({ limit: 100, to })
  return Promise.all(mails.map(async ({ id }) => ({ ...(await smtp.mailbox.get(id)) })))
}
const arrived = (to: string, count: number) =>
  until(async () => ((await mailsTo(to)).length >= count ? mailsTo(to) : null), { what: `${count} mails to ${to}` })
const quiet = () => executor.idle()

it('tells the applicant and each administrator of an application, and the applicant of the decision, each once', async () => {
  const { id } = await applicant('jo@example.com')
  const [receipt] = await arrived('jo@example.com', 1)
  expect(receipt?.text).toContain('<b>Jo</b> & co')
  expect(receipt?.html).not.toContain('<b>Jo')
  const [mine] = await arrived('admin@maestro.localhost', 1)
  expect(mine?.text).toContain(`/admin/applications?id=${id}`)
  expect(mine?.text).toContain('A rota for our volunteers.')
  const [theirs] = await arrived('bo@example.com', 1)
  expect(theirs?.text).toMatch(/신청/)
  expect(await mailsTo('gone@example.com')).toEqual([])

  await decide(systemAct('r'), { ids: [id], decision: 'approve', message: 'Welcome <script>' })
  const [decision] = await arrived('jo@example.com', 2)
  expect(decision?.text).toContain('/onboarding')
  expect(decision?.text).toContain('Welcome <script>')
  expect(decision?.html).not.toContain('<script>')

  // Said again in every way there is, nothing more is sent.
  await sweepApplications()
  await executor.send([
    { name: 'beta.applied', data: { applicationId: id } },
    { name: 'beta.decided', data: { applicationId: id } },
  ])
  await quiet()
  expect(await mailsTo('jo@example.com')).toHaveLength(2)
  expect(await mailsTo('admin@maestro.localhost')).toHaveLength(1)
})

it("writes in the applicant's language, also of a rejection", async () => {
  const { id } = await applicant('kim@example.com', { locale: 'ko' })
  await arrived('kim@example.com', 1)
  await decide(systemAct('r'), { ids: [id], decision: 'reject' })
  const mails = await arrived('kim@example.com', 2)
  for (const mail of mails) expect(mail.text).toMatch(/신청/)
  expect(mails[0]?.text).toContain('/beta')
})

it('is said again by the sweep where it was stored but never told', async () => {
  const stored = await makeUser({ email: 'lost@example.com', approvedAt: null })
  const row = { name: 'Lo', company: '', purpose: 'A rota for our volunteers.', teamSize: '2-5', consentAt: new Date(), locale: 'en' }
  await database.db.betaApplication.create({ data: { ...row, userId: stored.id, openFor: stored.id } })
  const turned = { status: 'REJECTED' as const, decidedAt: new Date() }
  const other = await makeUser({ email: 'turned@example.com', approvedAt: null })
  await database.db.betaApplication.create({ data: { ...row, ...turned, userId: other.id } })
  await sweepApplications()
  await arrived('lost@example.com', 1)
  await arrived('turned@example.com', 2)
  await sweepApplications()
  await quiet()
  expect(await mailsTo('lost@example.com')).toHaveLength(1)
  expect(await mailsTo('turned@example.com')).toHaveLength(2)
})

it('is sent when the mail server is back, once', async () => {
  register({ mail: { url: 'smtp://127.0.0.1:9', from: 'Maestro <maestro@localhost>' } })
  await applicant('patient@example.com')
  await until(async () => (await database.db.mail.findFirst({ where: { to: 'patient@example.com', attempts: { gt: 1 } } })) !== null)
  register({ mail: { url: smtp.url, from: 'Maestro <maestro@localhost>' } })
  await arrived('patient@example.com', 1)
  await quiet()
  expect(await mailsTo('patient@example.com')).toHaveLength(1)
})

it('lets in who waits once the beta is opened', async () => {
  const { actor } = await applicant('early@example.com')
  env().BETA_OPEN = true
  await sweepApplications()
  expect((await actorFromId(actor.id))?.approved).toBe(true)
  await arrived('early@example.com', 2)
})
