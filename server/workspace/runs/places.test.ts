import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { until } from '@/server/testing/until.ts'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { says } from '@/server/testing/workspace-world.ts'
import { runsPerPerson, waitingPerPerson } from '../rules.ts'
import { approvalsOf, send } from '../service.ts'
import { startRunner } from './runner.ts'

const world = workspaceStage(() => startRunner({ capacity: 1 }))

const message = (sessionId: string) => ({ sessionId, requestId: randomUUID(), text: 'Hello', attachmentIds: [] })

test('what waits for a word holds no place of those that work, and is bounded in words', async () => {
  const actorId = await world.makePerson()
  const agentId = await world.makeAgent(actorId, { tools: { write_file: 'ask' } })
  const chats = await Promise.all(Array.from({ length: runsPerPerson }, () => world.makeChat(actorId, agentId)))
  world.api.answers.push(...chats.map(() => says([{ tool: 'write_file', input: { path: 'a', content: 'x' } }])))
  for (const { sessionId } of chats) await send(actorId, message(sessionId))
  await until(async () => (await approvalsOf(actorId)).length === runsPerPerson, { what: 'all of them to wait' })
  const more = await world.makeChat(actorId)
  const { runId } = await send(actorId, message(more.sessionId))
  expect((await more.answer(runId)).state).toBe('done')

  const { db } = world.database
  const rows = Array.from({ length: waitingPerPerson - runsPerPerson }, () => ({ id: randomUUID(), sessionId: more.sessionId }))
  await db.chatMessage.createMany({ data: rows.map((row) => ({ ...row, role: 'assistant', sealed: Buffer.from('x') })) })
  const waiting = { state: 'WAITING', ownerId: actorId, streamId: '', heartbeatAt: new Date(), node: 'another' } as const
  await db.chatRun.createMany({
    data: rows.map(({ id, sessionId }) => ({ ...waiting, id, sessionId, messageId: id, requestId: randomUUID() })),
  })
  const refused = send(actorId, message((await world.makeChat(actorId)).sessionId))
  await expect(refused).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', key: 'tooManyWaiting', values: { most: waitingPerPerson } })
})
