import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Part } from '@/server/chats/schema.ts'
import { json } from '@/server/testing/messages-api.ts'
import { until } from '@/server/testing/until.ts'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { says, type WorkspaceWorld } from '@/server/testing/workspace-world.ts'
import { applyEvent } from './schema.ts'
import { eventsOf, regenerate, send, stopRun } from './service.ts'

const world = workspaceStage()

async function begun(agent: Parameters<WorkspaceWorld['makeAgent']>[1] | null = null) {
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId, agent && (await world.makeAgent(actorId, agent)))
  const say = (text: string, more: { requestId?: string; parentId?: string | null } = {}) =>
    send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text, attachmentIds: [], ...more })
  return { actorId, chat, say }
}
const runOf = (runId: string) => world.database.db.chatRun.findUniqueOrThrow({ where: { id: runId } })
const textOf = (parts: readonly Part[] | null) => (parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')

test('what is said is answered: events come in order, and the message is what they come to', async () => {
  const { chat, say } = await begun()
  const { runId, answerId } = await say('Good morning')
  const answer = await chat.answer(runId)
  expect(answer).toMatchObject({ id: answerId, role: 'assistant', state: 'done', runId: null, inputTokens: 100, outputTokens: 20 })
  expect(textOf(answer.parts)).toBe('Hello there.')
  await until(() => chat.heard.some(({ event }) => event.type === 'state' && event.state === 'succeeded'), { what: 'the last frame' })
  expect(chat.heard.map(({ number }) => number)).toEqual(chat.heard.map((_, at) => at + 1))
  const parts: Part[] = []
  for (const { event } of chat.heard) applyEvent(parts, event)
  expect(parts).toEqual(answer.parts)
  const stored = await eventsOf(chat.actorId, { sessionId: chat.sessionId, runId, after: 0 })
  expect(stored.events).toEqual(chat.heard.map(({ event }) => event))
  expect((await runOf(runId)).state).toBe('SUCCEEDED')
})

test('the same request twice, at once and later, is said and answered once', async () => {
  const { chat, say } = await begun()
  const requestId = randomUUID()
  const [first, second] = await Promise.all([say('Once', { requestId }), say('Once', { requestId })])
  expect(second).toEqual(first)
  await chat.answer(first.runId)
  expect(await say('Once', { requestId })).toEqual(first)
  expect((await chat.branch()).map(({ role }) => role)).toEqual(['user', 'assistant'])
})

test('an answer beside the first, an edited message: branches stay', async () => {
  const { actorId, chat, say } = await begun()
  const first = await say('One')
  await chat.answer(first.runId)
  const wanted = { sessionId: chat.sessionId, requestId: randomUUID(), messageId: first.answerId }
  const second = await regenerate(actorId, wanted)
  expect(await regenerate(actorId, wanted)).toEqual(second)
  const again = await chat.answer(second.runId)
  expect(again.siblings).toEqual([first.answerId, second.answerId])
  const edited = await say('One, better said', { parentId: null })
  await chat.answer(edited.runId)
  const branch = await chat.branch()
  expect(branch.map(({ id }) => id)).toEqual([edited.messageId, edited.answerId])
  expect(branch[0]?.siblings).toEqual([first.messageId, edited.messageId])
})

test('one conversation has one answer at a time, and other people have none of it', async () => {
  const { chat, say } = await begun()
  let go = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  world.api.answers.push(says([{ text: ['slow'] }], { between: (index) => (index === 2 ? gate : undefined) }))
  const { runId } = await say('Wait')
  await until(() => chat.heard.length > 0, { what: 'the beginning' })
  await expect(say('And this?')).rejects.toMatchObject({ code: 'CONFLICT', key: 'stillAnswering' })
  const stranger = await world.makePerson()
  const { sessionId } = chat
  await expect(stopRun(stranger, { sessionId, runId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(eventsOf(stranger, { sessionId, runId, after: 0 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const foreign = { sessionId, requestId: randomUUID(), text: 'mine', attachmentIds: [] }
  await expect(send(stranger, foreign)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  go()
  expect((await chat.answer(runId)).state).toBe('done')
})

test('an answer that is stopped keeps what there was of it', async () => {
  const { actorId, chat, say } = await begun()
  world.api.answers.push(
    says([{ text: ['the', ' beginning', ' and more'] }], { between: (index) => (index === 4 ? new Promise(() => undefined) : undefined) }),
  )
  const { runId } = await say('Tell me all')
  await until(() => chat.heard.some(({ event }) => event.type === 'delta' && event.text.includes('beginning')), { what: 'the first words' })
  await stopRun(actorId, { sessionId: chat.sessionId, runId })
  const answer = await chat.answer(runId)
  expect(answer).toMatchObject({ state: 'stopped', failure: null, inputTokens: expect.any(Number), outputTokens: 2 })
  expect(answer.inputTokens).toBeGreaterThan(0)
  expect(textOf(answer.parts)).toBe('the beginning')
  await stopRun(actorId, { sessionId: chat.sessionId, runId })
})

test('an answer that breaks off is asked for again, and shows once', async () => {
  const { chat, say } = await begun()
  world.api.answers.push((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(
      'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}\n\n',
    )
    response.write(
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"half"}}\n\n',
    )
    setImmediate(() => response.destroy())
  })
  const answer = await chat.answer((await say('Go')).runId)
  expect(textOf(answer.parts)).toBe('Hello there.')
})

test('errors of the model: each has its own end', async () => {
  for (const [status, type, failure] of [
    [400, 'invalid_request_error', 'refused'],
    [413, 'request_too_large', 'tooLong'],
  ] as const) {
    const { chat, say } = await begun()
    world.api.answers.push(json(status, { type: 'error', error: { type, message: 'no' } }))
    const answer = await chat.answer((await say('Go')).runId)
    expect(answer).toMatchObject({ state: 'failed', failure })
  }
  const { chat, say } = await begun()
  world.api.answers.push(json(529, { type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, { 'retry-after-ms': '20' }))
  const answer = await chat.answer((await say('Go')).runId)
  expect(answer.state).toBe('done')
  const waits = chat.heard.flatMap(({ event }) => (event.type === 'wait' ? [event.wait] : []))
  expect(waits).toMatchObject([{ status: 529, waitMs: 20, attempt: 1 }, null])
})

test('a conversation that is closed while it is answered ends the answer', async () => {
  const { chat, say } = await begun()
  world.api.answers.push(says([{ text: ['a', 'b'] }], { between: (index) => (index === 3 ? new Promise(() => undefined) : undefined) }))
  const { runId } = await say('Go')
  await until(() => chat.heard.length > 1, { what: 'the first words' })
  await world.database.db.chatSession.update({ where: { id: chat.sessionId }, data: { status: 'CLOSED' } })
  const { registry } = await import('@/server/core/registry.ts')
  registry('hub').publish(`chat:${chat.sessionId}`, { kind: 'session' })
  expect(await chat.answer(runId)).toMatchObject({ state: 'stopped' })
  expect((await runOf(runId)).failure).toBe('closed')
})
