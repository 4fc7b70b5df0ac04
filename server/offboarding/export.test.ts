import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET } from '@/app/api/account/export/route.ts'
import { finishBuild } from '@/server/builds/service.ts'
import { addressHeader, hashSecret } from '@/server/core/credentials.ts'
import { parseEnv } from '@/server/core/env.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { limits } from '@/server/core/limits.ts'
import { register } from '@/server/core/registry.ts'
import { createProject } from '@/server/projects/service.ts'
import { breakSeals } from '@/server/testing/broken-seals.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeBuild, makeProject, makeSession, makeUser, unique } from '@/server/testing/factories.ts'
import { exportOf } from './service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const ask = (headers: Record<string, string>) => GET(new Request('http://localhost/api/account/export', { headers }))

describe('an export', () => {
  it('tells all that is known of a person, without a secret, and nothing of others', async () => {
    const me = await makeUser({ displayName: '조 "Jo" \u2028', googleId: unique('g') })
    const cookie = await makeSession(me.id, { userAgent: 'Browser </script>' })
    const secret = unique('secret')
    await database.db.apiToken.create({
      data: { userId: me.id, name: 'CI', hash: hashSecret(secret), prefix: 'mst_abc', scopes: ['read'] },
    })
    const [mine, theirs, foreign] = [
      await makeProject({ ownerId: me.id, issueBody: 'Line\n"two"' }),
      await makeProject(),
      await makeProject(),
    ]
    await database.db.membership.create({ data: { userId: me.id, projectId: theirs.id, role: 'VIEWER' } })
    for (const [project, count] of [
      [mine, 3],
      [theirs, 1],
    ] as const)
      for (let i = 0; i < count; i++) await makeBuild(project.id, { status: 'SUCCESS' })
    await database.db.feedback.create({ data: { requestId: unique('r'), userId: me.id, text: 'Well done', page: '/dashboard' } })
    const answer = await ask({ cookie })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="maestro-\d{4}-\d\d-\d\d\.json"/)
    expect(answer.headers.get('cache-control')).toContain('no-store')
    const text = await answer.text()
    const told = JSON.parse(text)
    expect(told).toMatchObject({
      format: 'maestro-export-1',
      account: { email: me.email, displayName: '조 "Jo" \u2028', googleId: me.googleId },
      sessions: [{ userAgent: 'Browser </script>' }],
      tokens: [{ name: 'CI', prefix: 'mst_abc', scopes: ['read'] }],
      memberships: expect.arrayContaining([expect.objectContaining({ service: theirs.slug, role: 'VIEWER' })]),
      feedback: [{ text: 'Well done' }],
      projects: [
        { service: mine.slug, issue: { body: 'Line\n"two"' }, builds: [{ number: 1, status: 'SUCCESS' }, { number: 2 }, { number: 3 }] },
      ],
    })
    for (const hidden of [hashSecret(secret), secret, foreign.slug, cookie.split('=')[1] ?? '', 'sessionToken', 'hash'])
      expect(text).not.toContain(hidden)
  })

  it('opens what is sealed, and says of what no key opens that it is so', async () => {
    const me = await makeUser()
    const actorId = await asActor(me.id)
    register({ hub: { publish() {}, subscribe: () => () => undefined, close: async () => undefined } })
    register({ inngest: Object.assign(makeInngest(parseEnv({})), { send: async () => ({ ids: [] }) }) })
    const source = { type: 'text' as const, title: 'Sealed', body: 'the plan' }
    const { projectId } = await createProject(actorId, { requestId: crypto.randomUUID(), source })
    const build = await makeBuild(projectId)
    await finishBuild(projectId, build.id, { status: 'FAILURE', reason: 'the words' })
    const told = async () => {
      const parts: string[] = []
      for await (const part of exportOf(actorId)) parts.push(part)
      return JSON.parse(parts.join('')).projects
    }
    expect(await told()).toMatchObject([{ issue: { body: 'the plan', unreadable: false }, builds: [{ number: 1, reason: 'the words' }] }])
    await breakSeals(database.pool, projectId, 'a destroyed key')
    expect(await told()).toMatchObject([
      { issue: { title: 'Sealed', body: null, unreadable: true }, builds: [{ number: 1, reason: null, reasonUnreadable: true }] },
    ])
  })

  it('has all builds of a project, however many, and an empty list where there are none', async () => {
    const me = await makeUser()
    const [busy, idle] = [await makeProject({ ownerId: me.id }), await makeProject({ ownerId: me.id })]
    const { id: _, ...build } = await makeBuild(busy.id)
    const rows = Array.from({ length: 1_199 }, (_, i) => ({
      ...build,
      number: i + 2,
      requestId: unique('r'),
      definition: undefined,
      verdict: undefined,
    }))
    await database.db.build.createMany({ data: rows })
    let text = ''
    for await (const piece of exportOf(await asActor(me.id))) text += piece
    const { projects } = JSON.parse(text)
    expect(projects.map(({ service, builds }: { service: string; builds: unknown[] }) => [service, builds.length])).toEqual([
      [busy.slug, 1_200],
      [idle.slug, 0],
    ])
  })

  it('is for a person at a browser, also before they are let in', async () => {
    expect((await ask({})).status).toBe(401)
    const waiting = await makeUser({ approvedAt: null })
    expect((await ask({ cookie: await makeSession(waiting.id) })).status).toBe(200)
    const suspended = await makeUser({ suspendedAt: new Date() })
    expect((await ask({ cookie: await makeSession(suspended.id) })).status).toBe(403)
    const secret = unique('mst')
    await database.db.apiToken.create({
      data: { userId: waiting.id, name: 't', hash: hashSecret(secret), prefix: 'mst_', scopes: ['read'] },
    })
    const byToken = await ask({ authorization: `Bearer ${secret}` })
    expect(byToken.status).toBe(403)
    expect(await byToken.json()).toMatchObject({ success: false, error_code: 'FORBIDDEN' })
  })

  it('is made a few times an hour', async () => {
    const me = await makeUser()
    const headers = { cookie: await makeSession(me.id), [addressHeader]: '192.0.2.1' }
    for (let i = 0; i < limits.export.points; i++) expect((await ask(headers)).status).toBe(200)
    const refused = await ask(headers)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
