import type { TRPCError } from '@trpc/server'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serverCaller } from '@/server/caller.ts'
import { addressHeader } from '@/server/core/credentials.ts'
import { parseEnv } from '@/server/core/env.ts'
import { isAppError } from '@/server/core/errors.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { limits } from '@/server/core/limits.ts'
import { register } from '@/server/core/registry.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeSession, makeUser } from '@/server/testing/factories.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  const hub = { publish: () => undefined, subscribe: () => () => undefined, close: async () => undefined }
  // Nothing is connected to it: what is stored stands without anybody being told.
  register({ hub, inngest: makeInngest(parseEnv({}), pino({ level: 'silent' })), embeddedExecutor: true })
})
afterAll(() => database.drop())

const form = { name: 'Jo', company: '', purpose: 'A rota for our volunteers.', teamSize: '2-5' as const, consent: true as const }
let addresses = 0
const as = async (over: Parameters<typeof makeUser>[0]) => {
  const user = await makeUser(over)
  const headers = new Headers({ cookie: await makeSession(user.id), [addressHeader]: `192.0.2.${++addresses}` })
  return { user, api: await serverCaller(headers) }
}

it('stores one of a thousand calls at once; each of the others gets it, or is told in words to wait', async () => {
  const { user, api } = await as({ approvedAt: null })
  const calls = await Promise.allSettled(Array.from({ length: 1_000 }, () => api.beta.submit(form)))
  const rows = await database.db.betaApplication.findMany({ where: { userId: user.id } })
  expect(rows).toHaveLength(1)
  const answered = calls.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []))
  expect(answered).toHaveLength(limits.apply.points)
  for (const answer of answered) expect(answer).toMatchObject({ state: 'open', application: { id: rows[0]?.id } })
  for (const call of calls) {
    if (call.status === 'fulfilled') continue
    const { code, cause } = call.reason as TRPCError
    expect(code).toBe('TOO_MANY_REQUESTS')
    expect(isAppError(cause) && cause.retryAfter).toBeGreaterThan(0)
  }
})

it('is for people who are signed in, and its queue for administrators alone', async () => {
  const anonymous = await serverCaller(new Headers())
  await expect(anonymous.beta.submit(form)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  await expect(anonymous.beta.mine()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  const { user, api } = await as({ approvedAt: null })
  await api.beta.submit(form)
  const { id } = await database.db.betaApplication.findFirstOrThrow({ where: { userId: user.id } })
  // Nobody decides about themselves either.
  await expect(api.beta.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(api.beta.get({ id })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(api.beta.decide({ ids: [id], decision: 'approve' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const admin = await as({ admin: true })
  expect(await admin.api.beta.get({ id })).toMatchObject({ id, email: user.email, status: 'OPEN', decided: null })
  expect(await admin.api.beta.decide({ ids: [id], decision: 'approve' })).toMatchObject({ decided: [id] })
  // The next request of the same session is that of somebody who is in.
  const again = await serverCaller(new Headers({ cookie: await makeSession(user.id) }))
  expect(await again.beta.mine()).toEqual({ state: 'approved' })
})

it('names the field that is wrong, and a refused form counts against no limit', async () => {
  const { api } = await as({ approvedAt: null })
  for (let tries = 0; tries < limits.apply.points + 1; tries++)
    await expect(api.beta.submit({ ...form, purpose: 'short' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await api.beta.submit(form)).toMatchObject({ state: 'open' })
})
