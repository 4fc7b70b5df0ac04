import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Part } from '@/server/chats/schema.ts'
import { pool } from '@/server/core/db.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { until } from '@/server/testing/until.ts'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { says } from '@/server/testing/workspace-world.ts'
import { settleRun } from './runs/ending.ts'
import { send, startRunner } from './service.ts'

const world = workspaceStage(null)

const textOf = (parts: readonly Part[] | null) => (parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')

/** Says something that a model begins to answer, and never ends. */
async function neverWhole() {
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId)
  world.api.answers.push(
    says([{ text: ['never whole'] }], { between: (index) => (index === 3 ? new Promise(() => undefined) : undefined) }),
  )
  const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hi', attachmentIds: [] })
  return { chat, runId }
}

/** A run that a process took up and never finished, as a kill leaves it. */
async function left(node: string, heartbeatAt: Date | null) {
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId)
  const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hi', attachmentIds: [] })
  await world.database.db.chatRun.update({ where: { id: runId }, data: { state: 'RUNNING', node, heartbeatAt, attempt: 1 } })
  return { chat, runId }
}

test('a run whose process fell silent is taken up by another; one whose process speaks is not', async () => {
  const silent = await left('gone/1#a', new Date(Date.now() - 60_000))
  const speaking = await left('busy/1#b', new Date(Date.now() + 60_000))
  const runner = startRunner()
  try {
    expect(textOf((await silent.chat.answer(silent.runId)).parts)).toBe('Hello there.')
    expect(await world.database.db.chatRun.findUnique({ where: { id: speaking.runId } })).toMatchObject({
      state: 'RUNNING',
      node: 'busy/1#b',
    })
  } finally {
    await runner.stop()
  }
})

test('a server that starts again goes on at once with what its former life left', async () => {
  const first = startRunner()
  const { chat, runId } = await neverWhole()
  await until(() => chat.heard.some(({ event }) => event.type === 'delta'), { what: 'the first words' })
  const { node } = await world.database.db.chatRun.findUniqueOrThrow({ where: { id: runId } })
  await first.stop()
  // As a kill leaves it: the row still names a process that is no more, and its last word was a moment ago.
  await world.database.db.chatRun.update({ where: { id: runId }, data: { node, heartbeatAt: new Date(), attempt: 1 } })
  const second = startRunner({ successor: true })
  try {
    const answer = await chat.answer(runId)
    expect(textOf(answer.parts)).toBe('Hello there.')
    expect((await world.database.db.chatRun.findUniqueOrThrow({ where: { id: runId } })).attempt).toBe(2)
  } finally {
    await second.stop()
  }
})

test('a process that lost its run ends its work on it, and says nothing more', async () => {
  const runner = startRunner()
  try {
    const { chat, runId } = await neverWhole()
    await until(() => runner.running === 1 && chat.heard.length > 1, { what: 'the run' })
    await world.database.db.chatRun.update({
      where: { id: runId },
      data: { node: 'another/2#c', heartbeatAt: new Date(Date.now() + 60_000) },
    })
    await until(() => runner.running === 0, { what: 'the end of the work' })
    expect(chat.heard.some(({ event }) => event.type === 'state' && event.state !== 'running')).toBe(false)
    expect(await world.database.db.chatRun.findUnique({ where: { id: runId } })).toMatchObject({ state: 'RUNNING', node: 'another/2#c' })
  } finally {
    await runner.stop()
  }
})

test('a stop that nobody heard of counts, and a run that cannot be taken up takes its answer along', async () => {
  const runner = startRunner()
  try {
    const { chat, runId } = await neverWhole()
    await until(() => chat.heard.some(({ event }) => event.type === 'delta'), { what: 'the first words' })
    await world.database.db.chatRun.update({ where: { id: runId }, data: { stopAskedAt: new Date() } })
    expect((await chat.answer(runId)).state).toBe('stopped')
    await runner.stop()
    const lost = await left('gone/1#a', null)
    await world.database.db.chatRun.update({ where: { id: lost.runId }, data: { streamId: 'none', attempt: 3 } })
    const second = startRunner()
    expect((await lost.chat.answer(lost.runId)).state).toBe('failed')
    await second.stop()
  } finally {
    await runner.stop()
  }
})

test('a run that is given up keeps what was said in it', async () => {
  const first = startRunner()
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId, await world.makeAgent(actorId, { tools: { run_command: 'ask' } }))
  world.api.answers.push(says([{ text: ['Half of it.'] }, { tool: 'run_command', input: { command: 'true' } }]))
  const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hi', attachmentIds: [] })
  await until(async () => (await world.database.db.toolApproval.count({ where: { runId } })) === 1, { what: 'the request' })
  await first.stop()
  await world.database.db.chatRun.update({ where: { id: runId }, data: { attempt: 4 } })
  const second = startRunner()
  try {
    const answer = await chat.answer(runId)
    expect(answer).toMatchObject({ state: 'failed', failure: 'internal', inputTokens: 100, outputTokens: 20 })
    expect(textOf(answer.parts)).toBe('Half of it.')
    expect(answer.parts?.at(-1)).toMatchObject({ type: 'tool', state: 'interrupted' })
    expect(await world.database.db.toolApproval.findFirst({ where: { runId } })).toMatchObject({ state: 'EXPIRED' })
  } finally {
    await second.stop()
  }
})

test('whoever lost a run cannot end it; whoever has it ends it once, with what it counts for the agent', async () => {
  const actorId = await world.makePerson()
  const agentId = await world.makeAgent(actorId)
  const chat = await world.makeChat(actorId, agentId)
  const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hi', attachmentIds: [] })
  const row = await world.database.db.chatRun.update({ where: { id: runId }, data: { state: 'RUNNING', node: 'mine/1#a' } })
  const spaceId = await spaceForActor(actorId)
  const usage = { inputTokens: 10, outputTokens: 5, cacheTokens: 0, contextTokens: 15, costMicros: 7 }
  const ended = { row, spaceId, said: { parts: [{ type: 'text' as const, turn: 0, text: 'Done' }], usage } }
  await expect(settleRun({ ...ended, node: 'other/2#b' }, { state: 'failed' })).rejects.toThrow('lost')
  expect((await chat.branch()).at(-1)).toMatchObject({ state: 'open' })
  expect(await world.database.db.agent.findUnique({ where: { id: agentId } })).toMatchObject({ runs: 0 })
  for (let time = 0; time < 2; time++) await settleRun({ ...ended, node: 'mine/1#a' }, { state: 'succeeded' })
  expect((await chat.branch()).at(-1)).toMatchObject({ state: 'done', costMicros: 7 })
  expect(await world.database.db.agent.findUnique({ where: { id: agentId } })).toMatchObject({ runs: 1, succeeded: 1, tokens: 15n })
})

test('what was said lies nowhere in the clear', async () => {
  const runner = startRunner()
  const plant = `planted-${randomUUID()}`
  const actorId = await world.makePerson()
  const chat = await world.makeChat(
    actorId,
    await world.makeAgent(actorId, { instructions: `Never tell ${plant}.`, tools: { write_file: 'ask' } }),
  )
  world.api.answers.push(says([{ text: [`I say ${plant}`] }, { tool: 'write_file', input: { path: 'a', content: plant } }]))
  await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: `What about ${plant}?`, attachmentIds: [] })
  await until(async () => (await world.database.db.toolApproval.count()) === 1, { what: 'the request' })
  await runner.stop()
  const tables = await pool().query(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`)
  for (const { name } of tables.rows as { name: string }[]) {
    const { rows } = await pool().query(
      `SELECT count(*)::int AS found FROM "${name}" t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || $2 || '%'`,
      [plant, Buffer.from(plant).toString('hex')],
    )
    expect([name, rows[0].found]).toEqual([name, 0])
  }
})
