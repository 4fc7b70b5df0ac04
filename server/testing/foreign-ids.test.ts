import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseEnv } from '@/server/core/env.ts'
import { actorFromId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { connectInngest, makeInngest } from '@/server/core/inngest.ts'
import { register, registry } from '@/server/core/registry.ts'
import { createCallerFactory } from '@/server/core/trpc.ts'
import { appRouter } from '@/server/router.ts'
import { noAi } from './ai.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { makeBuild, makeProject, makeSession, makeUser } from './factories.ts'
import { testKeys } from './keys.ts'
import { inputFor, proceduresOf } from './matrix/inputs.ts'

/** Stands in everything of theirs, and so in no answer to me. */
const marker = 'THEIRS-ALONE'
/** Tables that count or log what anybody does. */
const shared = ['rate_limit', '_prisma_migrations']

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  const objects = { put: async () => undefined, get: async () => null, delete: async () => undefined }
  const inngest = makeInngest(parseEnv({}))
  connectInngest(inngest, async () => Response.json({ ids: ['taken'], status: 200 }))
  register({ hub: await openPostgresHub(database.url), inngest, embeddedExecutor: true, objects, checks: {} })
  register({
    identity: null,
    ai: noAi,
    mailbox: null,
    mail: { url: 'smtp://127.0.0.1:9', from: 'maestro@localhost' },
    ...testKeys(Buffer.alloc(32, 1)),
  })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
})

async function theirThings() {
  const owner = await makeUser({ name: marker, email: `${marker.toLowerCase()}@maestro.localhost` })
  const project = await makeProject({ ownerId: owner.id, slug: 'their-project', title: marker, issueBody: marker })
  const build = await makeBuild(project.id, { number: 7, cause: marker, reason: marker })
  await makeSession(owner.id, { userAgent: marker })
  const session = await database.db.session.findFirstOrThrow({ where: { userId: owner.id } })
  const token = await database.db.apiToken.create({
    data: { userId: owner.id, name: marker, prefix: marker, hash: marker, scopes: ['read'] },
  })
  const words = { name: marker, company: marker, purpose: marker, teamSize: 'just-me', locale: 'en' }
  const application = await database.db.betaApplication.create({ data: { userId: owner.id, consentAt: new Date(0), ...words } })
  const invited = { email: `invited-${marker.toLowerCase()}@maestro.localhost`, role: 'VIEWER' as const, locale: 'en', hash: marker }
  const invitation = await database.db.invitation.create({
    data: { projectId: project.id, invitedById: owner.id, expiresAt: new Date(Date.now() + 3_600_000), ...invited },
  })
  const feedback = await database.db.feedback.create({ data: { requestId: randomUUID(), userId: owner.id, text: marker, page: '/' } })
  const ids = [owner, project, build, session, token, application, invitation, feedback].map(({ id }) => id)
  return { ids: [...ids, build.streamId], service: project.slug }
}

/** Every row of the database that is theirs, as text. */
async function rowsOf(ids: string[]): Promise<string[]> {
  const tables = await database.pool.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
  const names = tables.rows.map(({ tablename }) => tablename as string).filter((name) => !shared.includes(name))
  const rows = await Promise.all(names.map((name) => database.pool.query(`SELECT row_to_json(t)::text AS row FROM "${name}" t`)))
  return rows
    .flatMap((found, at) => found.rows.map(({ row }) => `${names[at]} ${row}`))
    .filter((row) => [marker, ...ids].some((one) => row.includes(one)))
    .sort()
}

it("another project's ids, in whatever input, read nothing of it and change nothing", async () => {
  const me = await makeUser()
  const project = await makeProject({ ownerId: me.id })
  const theirs = await theirThings()
  const actor = await actorFromId(me.id)
  if (!actor) throw new Error('I am nobody')
  const before = await rowsOf(theirs.ids)
  expect(before.length).toBeGreaterThan(9)
  const context = { caller: { actor, via: { kind: 'session', id: randomUUID() } }, address: null, userAgent: null, requestId: 'r' } as const
  const caller = createCallerFactory(appRouter)(context) as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
  const leaks: string[] = []
  for (const [path, schemas] of proceduresOf(appRouter)) {
    const [domain = '', name = ''] = path.split('.')
    for (const service of [project.slug, theirs.service]) {
      for (const id of theirs.ids) {
        const input = inputFor(schemas, (property, shape) => {
          if (property === 'service') return service
          if (property === 'number') return 7
          if (property === 'requestId') return randomUUID()
          if (/^id$|Id$|^ids$|cursor|before|after/.test(property) && shape.type !== 'array') return id
          return undefined
        })
        const answer = await caller[domain]?.[name]?.(input).catch((error: Error) => error.message)
        if (
          JSON.stringify(answer ?? null)
            .toUpperCase()
            .includes(marker)
        )
          leaks.push(`${path} ${JSON.stringify(input)}`)
      }
    }
  }
  expect(leaks).toEqual([])
  expect(await rowsOf(theirs.ids)).toEqual(before)
}, 300_000)
