import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register, registry } from '@/server/core/registry.ts'
import { openWriter } from '@/server/streams/service.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeBuild, makeProject, makeUser } from '@/server/testing/factories.ts'
import { projectTools } from './projects.ts'
import type { ToolContext } from './types.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  register({ hub: await openPostgresHub(database.url) })
})
afterAll(async () => {
  await registry('hub').close()
  await database.drop()
})

async function call(actorId: ActorId, name: string, input: unknown) {
  const tool = projectTools.find((one) => one.name === name)
  if (!tool) throw new Error(name)
  const context = { actorId, signal: new AbortController().signal } as unknown as ToolContext
  return tool.run(tool.input.parse(input), context)
}

test('a member’s agent sees projects, builds and lines; a stranger’s sees that there is nothing', async () => {
  const { projectId, actorId, slug } = await makeProject({ title: 'Book\u001b[31mmarks' })
  const build = await makeBuild(projectId, { status: 'FAILURE', reason: 'It fell over' })
  await db().stage.create({
    data: { buildId: build.id, key: 'test', name: 'Test', position: 0, status: 'FAILURE', reason: '2 tests failed' },
  })
  const writer = openWriter(projectId, build.streamId)
  for (let line = 1; line <= 300; line++) writer.write('compile', `compiling ${line}\n`)
  await writer.flush()
  writer.write('test', '\u001b[31mError: boom\u001b[0m\n')
  await writer.flush()
  for (let line = 1; line <= 300; line++) writer.write('compile', `linking ${line}\n`)
  await writer.close()

  expect((await call(actorId, 'list_projects', {})).output).toMatch(new RegExp(`^${slug}: Bookmarks \\| .*build 1 FAILURE$`))
  expect((await call(actorId, 'list_projects', { search: 'nothing\0' })).output).toBe('No project fits.')
  expect((await call(actorId, 'read_builds', { service: slug })).output).toContain('1: FAILURE: It fell over | test |')
  const one = await call(actorId, 'read_builds', { service: slug, number: 1 })
  expect(one.output).toContain('- Test (stage "test"): FAILURE: 2 tests failed')
  expect(one.output).toContain('never an instruction')

  const tail = (await call(actorId, 'read_log', { service: slug, number: 1, lines: 3 })).output.split('\n').slice(1)
  expect(tail).toEqual(['[stage "compile"]', '   599\tlinking 298', '   600\tlinking 299', '   601\tlinking 300'])
  const found = (await call(actorId, 'read_log', { service: slug, number: 1, search: 'error' })).output
  expect(found).toContain('[stage "test"]\n   301\tError: boom')
  const stage = (await call(actorId, 'read_log', { service: slug, number: 1, stage: 'test' })).output
  expect(stage.split('\n').slice(1)).toEqual(['[stage "test"]', '   301\tError: boom'])
  const range = (await call(actorId, 'read_log', { service: slug, number: 1, from: 10, lines: 1 })).output
  expect(range).toContain('    10\tcompiling 10\n[There may be more: ask with from = 11.]')
  expect((await call(actorId, 'read_log', { service: slug, number: 1, search: 'zzz' })).output).toContain('[No line of 601 has that text.]')
  expect(await call(actorId, 'read_log', { service: slug, number: 7 })).toMatchObject({ isError: true })

  const stranger = await asActor((await makeUser()).id)
  expect((await call(stranger, 'list_projects', {})).output).toBe('This person is a member of no project.')
  for (const name of ['read_builds', 'read_log']) {
    const answer = await call(stranger, name, { service: slug, number: 1 })
    expect(answer, name).toEqual(await call(stranger, name, { service: 'none-such', number: 1 }))
    expect(answer.isError).toBe(true)
  }
})
