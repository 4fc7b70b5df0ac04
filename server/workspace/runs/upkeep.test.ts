import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { eventsOf, removeOldStreams, send } from '../service.ts'

const world = workspaceStage()

test('streams of runs that are over go after a while, however many there are; the answers stay', async () => {
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId)
  const runs: string[] = []
  for (const text of ['One', 'Two', 'Three']) {
    const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text, attachmentIds: [] })
    await chat.answer(runId)
    runs.push(runId)
  }
  const { db } = world.database
  expect(await removeOldStreams(1)).toBe(0)
  await db.chatRun.updateMany({ where: { id: { in: runs.slice(0, 2) } }, data: { endedAt: new Date(Date.now() - 2 * 3_600_000) } })
  expect(await removeOldStreams(1)).toBe(2)
  expect(await db.stream.count({ where: { kind: 'chat' } })).toBe(1)
  expect(await eventsOf(actorId, { sessionId: chat.sessionId, runId: runs[0] ?? '', after: 0 })).toMatchObject({ events: [], over: true })
  expect((await chat.branch()).map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'done'))
})
