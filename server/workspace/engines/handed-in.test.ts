import { randomUUID } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ChatMessage } from '@/server/chats/schema.ts'
import { filePartsOf, handIn } from '@/server/chats/service.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { directoryOf } from '@/server/files/service.ts'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { layOut } from './handed-in.ts'
import type { EngineRun } from './types.ts'

const world = workspaceStage(null)

async function someone() {
  const actorId = await world.makePerson()
  const { sessionId } = await world.makeChat(actorId)
  const spaceId = await spaceForActor(actorId)
  const folder = join(await directoryOf(spaceId, sessionId), 'uploads')
  const bring = async (name: string, text: string) =>
    (await handIn(actorId, sessionId, { requestId: randomUUID(), name, bytes: Buffer.from(text) })).id
  const answer = async (...ids: string[]) => {
    const said = { role: 'user', parts: await filePartsOf(actorId, sessionId, ids) } as unknown as ChatMessage
    await layOut({ history: [said], spaceId, sessionId, runId: 'run' } as unknown as EngineRun)
    const names = (await readdir(folder)).sort()
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)))
  }
  return { folder, bring, answer }
}

test('a file of a later message stands beside an earlier one of its name, and what became of either stays', async () => {
  const { folder, bring, answer } = await someone()
  const first = await bring('data.csv', 'one')
  expect(await answer(first)).toEqual({ 'data.csv': 'one' })
  await writeFile(join(folder, 'data.csv'), 'one, changed')
  const second = await bring('data.csv', 'two')
  const both = { 'data.csv': 'one, changed', [`${second.slice(0, 8)}-data.csv`]: 'two' }
  expect(await answer(second)).toEqual(both)
  expect(await answer(first)).toEqual(both)
  expect(await answer(second)).toEqual(both)
})

test('two files of one name that come at once both find their place', async () => {
  const { bring, answer } = await someone()
  const ids = [await bring('a.txt', 'a'), await bring('a.txt', 'b')]
  expect(Object.values(await answer(...ids)).sort()).toEqual(['a', 'b'])
})
