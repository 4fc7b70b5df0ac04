import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { definitionSchema } from '@/server/builds/schema.ts'
import { requestBuild } from '@/server/builds/service.ts'
import { flushWriters } from '@/server/streams/service.ts'
import { type CrewWorld, startBareCrewWorld } from './crew-world.ts'
import { notesCrew } from './notes-crew.ts'
import { dyingCrew, plantedCrew, redCrew } from './planted-crew.ts'
import { makePlants } from './plants.ts'
import { columnsOf, walkDatabase, walkFolder } from './walk.ts'
import type { WorldProject } from './world.ts'

const plants = makePlants(50)
let planted = 0
const next = (): string => {
  const plant = plants[planted++]
  if (!plant) throw new Error('every plant has its place')
  return plant.text
}

let crew: CrewWorld
let project: WorldProject

async function crewBuild(over: Parameters<typeof notesCrew>[0], status: string): Promise<void> {
  crew.model.follow(notesCrew(over))
  const view = await project.final(await project.build(), 180_000)
  expect(view, `${view.reason}`).toMatchObject({ status })
}

/** A plain build whose scripts, environment and output are full of them, and that ends red. */
async function plainBuild(): Promise<void> {
  const definition = definitionSchema.parse({
    env: { TOKEN: next(), UNUSED: next() },
    stages: [
      {
        name: 'Print',
        steps: [
          { name: 'print', run: `echo '${next()}' >&2; echo "$TOKEN $OTHER"`, env: { OTHER: next() } },
          { name: 'fail', run: `# ${next()}\n: '${next()}'\nexit 3 # ${next()}` },
        ],
      },
    ],
  })
  const { number } = await requestBuild(project.projectId, { requestId: randomUUID(), kind: 'PIPELINE', cause: 'test', definition })
  expect(await project.final(number)).toMatchObject({ status: 'FAILURE' })
}

beforeAll(async () => {
  crew = await startBareCrewWorld()
  crew.model.follow(notesCrew(plantedCrew(next)))
  const body = Array.from({ length: 8 }, next).join('\n\n')
  project = await crew.world.fromIssue({ title: 'Notes of the team', body })
  const first = await project.final(1, 180_000)
  expect(first, `${first.reason}\n${await project.console(1)}`).toMatchObject({ status: 'SUCCESS' })
  await crewBuild(redCrew(next), 'FAILURE')
  await crewBuild(dyingCrew(next), 'FAILURE')
  await plainBuild()
  await crew.world.executor.idle()
  await flushWriters()
}, 600_000)
afterAll(() => crew?.stop())

test('the plants are where people see them, all of them planted', async () => {
  expect(planted).toBe(plants.length)
  const [first, red, dying, plain] = await Promise.all([1, 2, 3, 4].map((number) => project.view(number)))
  const consoles = await Promise.all([1, 2, 3, 4].map((number) => project.console(number)))
  const seen = JSON.stringify([first, red, dying, plain, consoles, await project.service()])
  // What is shown of it is opened for who may see it: the walk below would prove nothing if nothing had been stored.
  expect(plants.filter(({ core }) => seen.includes(core)).length).toBeGreaterThan(10)
  expect(JSON.stringify(red?.criteria)).toMatch(/[0-9a-fA-F]{24}/)
  expect(dying?.reason).toMatch(/[0-9a-fA-F]{24}/)
  expect(await project.artifact(1, 'specification.json')).toMatch(/[0-9a-fA-F]{24}/)
})

test('nothing of them is readable in the database, whatever the encoding', async () => {
  expect(await walkDatabase(crew.database.pool, plants)).toEqual([])
})

test('nor among the objects', async () => {
  const { found, files } = await walkFolder(join(crew.world.dataDir, 'objects'), plants)
  expect(files.length).toBeGreaterThan(20)
  expect(found).toEqual([])
})

test('nor in the rest of the data directory, but for what services are and what they say', async () => {
  // Releases are run as they are, services' data is theirs, and their latest output lies in a bounded spool.
  const ofServices = (path: string) => /^(work\/)?services\/[^/]+\/(releases|data|spool)\//.test(path)
  const { found, files } = await walkFolder(crew.world.dataDir, plants, ofServices)
  expect(found).toEqual([])
  expect(files).toContain('master.key')
  // What else may stay, by its first folder; a log of anybody's is not among it.
  const known = ['master.key', 'objects', 'package-cache', 'modules', 'sandbox-etc', 'supervisors', 'ai-server']
  expect(files.filter((path) => !known.includes(path.split('/')[0] ?? ''))).toEqual([])
  expect(files.filter((path) => path.includes('_logs'))).toEqual([])
})

test('the walk finds a plant in each column that could hold one, sealed or not', async () => {
  const { pool } = crew.database
  const text = `before ${plants[0]?.text} after`
  const written = {
    bytea: `convert_to('${text}', 'UTF8')`,
    jsonb: `to_jsonb('${text}'::text)`,
    text: `'${text}'`,
    ARRAY: `ARRAY['${text}']`,
  }
  const found: string[] = []
  const client = await pool.connect()
  try {
    for (const { table, column, type } of await columnsOf(pool)) {
      const value = written[type as keyof typeof written]
      if (!value) continue
      await client.query('BEGIN')
      // Keys refuse it, and so do triggers; of those that take it none may be overlooked.
      const taken = await client
        .query(`UPDATE "${table}" SET "${column}" = ${value} WHERE ctid = (SELECT ctid FROM "${table}" LIMIT 1)`)
        .catch(() => ({ rowCount: 0 }))
      const where = `${table}.${column}`
      if (taken.rowCount) expect((await walkDatabase(client, plants, table)).map((one) => one.where)).toContain(where)
      if (taken.rowCount) found.push(where)
      await client.query('ROLLBACK')
    }
  } finally {
    client.release()
  }
  for (const where of [
    'Build.reason',
    'Build.definition',
    'Project.issueBody',
    'Deployment.run',
    'executor_step.memo',
    'executor_run.event',
  ])
    expect(found).toContain(where)
  expect(found.filter((where) => /sealed$/i.test(where)).sort()).toEqual([
    'Build.definitionSealed',
    'Build.reasonSealed',
    'Build.verdictSealed',
    'Deployment.monitoringSealed',
    'Deployment.reasonSealed',
    'Deployment.runSealed',
    'Project.issueSealed',
    'Service.reasonSealed',
    'Stage.reasonSealed',
    'Step.reasonSealed',
    'StreamSegment.sealed',
  ])
})
