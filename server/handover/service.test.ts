import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getArtifact } from '@/server/artifacts/service.ts'
import { requestBuild } from '@/server/builds/service.ts'
import { db } from '@/server/core/db.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { writeFile } from '@/server/files/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { findProject, startWorld, type World } from '@/server/testing/world.ts'
import { issueText, recipeOf } from './rules.ts'
import { look, saveAsProject } from './service.ts'

let database: TestDatabase
let world: World

beforeAll(async () => {
  database = await testDatabase()
  world = await startWorld({ url: database.url, model: { baseUrl: 'http://127.0.0.1:9', apiKey: 'none', demo: false } })
})
afterAll(async () => {
  await world.stop()
  await database.drop()
})

const server = `require('node:http').createServer((_, answer) => answer.end('hello from the conversation')).listen(process.env.PORT)`
const scripts = (more: object) => JSON.stringify({ name: 'app', scripts: { test: 'node test.js', ...more } })

async function sessionWith(files: Record<string, string>): Promise<string> {
  const spaceId = await spaceForActor(world.actorId)
  const { id } = await db().chatSession.create({ data: { ownerId: world.actorId, spaceId, requestId: randomUUID() } })
  for (const [path, text] of Object.entries(files)) await writeFile(spaceId, id, { path, text, expected: 'anything' })
  return id
}

test('the files become a project that is tested, deployed and can be built again', async () => {
  const files = {
    'package.json': scripts({ start: 'node src/server.js' }),
    'src/server.js': server,
    'test.js': 'console.log("all well")',
    '.env': 'KEY=1',
    'uploads/passport.txt': 'private',
  }
  const sessionId = await sessionWith(files)
  expect(await look(world.actorId, sessionId)).toEqual({
    title: null,
    files: 3,
    bytes: expect.any(Number),
    uploads: { files: 1, bytes: 7 },
    left: 1,
  })
  const input = { sessionId, requestId: randomUUID(), title: 'Hello app' }
  const made = await saveAsProject(world.actorId, input)
  expect(await saveAsProject(world.actorId, input)).toEqual(made)
  expect(made).toEqual({ service: 'hello-app', build: 1 })
  const project = await findProject(made.service)
  const seen = await project.final(1)
  expect(seen.stages.map(({ name, status }) => [name, status])).toEqual([
    ['Source', 'SUCCESS'],
    ['Test', 'SUCCESS'],
    ['Deployment', 'SUCCESS'],
  ])
  expect(seen.artifacts.map(({ name }) => name)).toEqual(['source.tar.gz'])
  expect(await project.console(1)).toMatch('all well')
  expect((await project.ask('/')).text).toBe('hello from the conversation')
  const { bytes } = await getArtifact(project.projectId, await project.buildId(1), 'source.tar.gz')
  const names = (await import('node:child_process')).execFileSync('tar', ['tz'], { input: bytes }).toString().trim().split('\n')
  expect(names.sort()).toEqual(['package.json', 'src/', 'src/server.js', 'test.js'])
  const { kindOfNext } = await import('@/server/builds/service.ts')
  expect(await kindOfNext(project.projectId)).toBe('FILES')
  await requestBuild(project.projectId, { requestId: randomUUID(), kind: 'FILES', cause: 'again' })
  expect((await project.final(2)).status).toBe('SUCCESS')
})

test('pages alone are served as they are, and nothing beside them', async () => {
  const sessionId = await sessionWith({ 'index.html': '<h1>Hello pages</h1>', 'a/style.css': 'b{}', 'uploads/note.txt': 'asked for' })
  const { service } = await saveAsProject(world.actorId, { sessionId, requestId: randomUUID(), title: 'Pages', uploads: true })
  const project = await findProject(service)
  expect((await project.final(1)).status).toBe('SUCCESS')
  expect((await project.ask('/')).text).toBe('<h1>Hello pages</h1>')
  expect((await project.ask('/a/style.css')).text).toBe('b{}')
  for (const path of ['/.maestro-pages.mjs', '/..%2f..%2fetc/passwd', '/%2e%2e/x', '/none'])
    expect((await project.ask(path)).status, path).toBe(404)
})

test('red tests end the build before anything is deployed', async () => {
  const sessionId = await sessionWith({ 'package.json': scripts({ start: 'node x.js' }), 'test.js': 'process.exit(1)' })
  const { service } = await saveAsProject(world.actorId, { sessionId, requestId: randomUUID(), title: 'Red', name: 'red-app' })
  const seen = await (await findProject(service)).final(1)
  expect(seen.status).toBe('FAILURE')
  expect(seen.stages.map(({ name, status }) => [name, status])).toEqual([
    ['Source', 'SUCCESS'],
    ['Test', 'FAILURE'],
    ['Deployment', 'NOT_BUILT'],
  ])
})

test('nothing is made of no files, or of somebody else’s', async () => {
  const empty = { sessionId: await sessionWith({}), requestId: randomUUID(), title: 'Nothing' }
  await expect(saveAsProject(world.actorId, empty)).rejects.toMatchObject({ key: 'handoverEmpty' })
  const other = await asActor((await makeUser()).id)
  await expect(saveAsProject(other, { ...empty, sessionId: await sessionWith({ a: 'b' }) })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await db().project.count({ where: { title: 'Nothing' } })).toBe(0)
})

test('a recipe is read from a package.json, whatever stands in it', () => {
  expect(recipeOf('{', false)).toBeNull()
  expect(recipeOf('{"scripts":[],"dependencies":3}', false)).toMatchObject({ install: false, test: false, start: false })
  expect(recipeOf('{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}', false)?.test).toBe(false)
  expect(recipeOf('{"devDependencies":{"a":"1"}}', true)).toMatchObject({ install: true, locked: true })
  expect(issueText(['a\nb'])).toMatch('- a?b')
})
