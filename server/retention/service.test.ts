import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definitionSchema } from '@/server/builds/schema.ts'
import { register, registry } from '@/server/core/registry.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { breakSeals } from '@/server/testing/broken-seals.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { makeBuild, makeProject } from '@/server/testing/factories.ts'
import { buildsToDiscard } from './rules.ts'
import { discardOldBuilds } from './service.ts'

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'maestro-retention-'))
  register({ objects: fileObjectStore(folder) })
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const build = (id: string, status = 'FAILURE', deployed = false) => ({ id, status, deployed })

describe('the builds that may go', () => {
  it('are those beyond the newest, without the last success and what is deployed', () => {
    const builds = [build('5'), build('4'), build('3', 'UNSTABLE', true), build('2', 'SUCCESS'), build('1', 'SUCCESS')]
    expect(buildsToDiscard(builds, 1)).toEqual(['4', '1'])
    expect(buildsToDiscard(builds, 9)).toEqual([])
  })
})

it('takes what cannot be opened any more like everything else', async () => {
  const { id, projectId } = await makeProject()
  const definition = definitionSchema.parse({ stages: [{ name: 'A', steps: [{ name: 'x', run: 'x' }] }] })
  for (let n = 0; n < 2; n++) await makeBuild(id, { status: 'FAILURE', definition })
  await breakSeals(database.pool, id, 'a destroyed key')
  expect(await discardOldBuilds(1)).toBe(1)
  expect(await database.db.build.count({ where: { projectId } })).toBe(1)
  await database.db.project.delete({ where: { id } })
})

it('takes consoles and artifacts with a build, leaves open ones and other projects alone, and may be done again', async () => {
  const [project, other] = [await makeProject(), await makeProject()]
  const builds = []
  for (const status of ['FAILURE', 'FAILURE', 'RUNNING'] as const) builds.push(await makeBuild(project.id, { status }))
  const kept = await makeBuild(other.id, { status: 'FAILURE' })
  const [oldest] = builds
  const key = `artifacts/${oldest?.id}`
  await registry('objects').put(key, Buffer.from('sealed'))
  await database.db.artifact.create({
    data: { projectId: project.id, buildId: oldest?.id ?? '', name: 'a', mediaType: 'text/plain', size: 1, sha256: '', objectKey: key },
  })
  expect(await discardOldBuilds(1)).toBe(1)
  expect(await registry('objects').get(key)).toBeNull()
  const left = await database.db.build.findMany({ select: { id: true } })
  expect(left.map(({ id }) => id).sort()).toEqual([builds[1]?.id, builds[2]?.id, kept.id].sort())
  expect(await database.db.stream.count({ where: { id: oldest?.streamId } })).toBe(0)
  expect(await discardOldBuilds(1)).toBe(0)
})
