import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { branchSince } from '@/server/chats/service.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { writeFile } from '@/server/files/service.ts'
import { json, message } from '@/server/testing/messages-api.ts'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { says } from '@/server/testing/workspace-world.ts'
import { keptMessages } from '../rules.ts'
import { send } from '../service.ts'

const world = workspaceStage()

async function longChat() {
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId)
  const say = async (text: string) =>
    chat.answer((await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text, attachmentIds: [] })).runId)
  for (let at = 1; at <= 5; at++) await say(`Question number ${at}`)
  return { chat, say }
}
const lastAsked = (text: string) =>
  JSON.parse(world.api.asked.findLast(({ body }) => body.includes(text))?.body ?? '{}') as { messages: unknown[] }

test('a conversation that has grown long is summed up, says so, and goes on from there; all that was said stays', async () => {
  const { chat, say } = await longChat()
  world.api.answers.push(says([{ text: ['Full.'] }], { input: 190_000 }), json(200, message('SUMMED UP: five questions')))
  const full = await say('The last straw')
  expect(full.parts?.at(-1)).toMatchObject({ type: 'notice', notice: 'compacted' })
  const branch = await chat.branch()
  expect(branch.map(({ role }) => role)).toEqual([...Array.from({ length: 6 }, () => ['user', 'assistant']).flat(), 'summary'])
  expect(branch[0]?.parts).toMatchObject([{ text: 'Question number 1' }])
  const { id: leaf } = await say('And now?')
  const read = await branchSince(chat.actorId, chat.sessionId, leaf, keptMessages)
  expect(read.map(({ role }) => role)).toEqual([
    ...Array.from({ length: 3 }, () => ['user', 'assistant']).flat(),
    'summary',
    'user',
    'assistant',
  ])
  const request = JSON.stringify(lastAsked('And now?').messages)
  expect(request).toContain('SUMMED UP: five questions')
  expect(request).toContain('The last straw')
  expect(request).not.toContain('Question number 1')
})

test('where no summary can be had, the conversation goes on as it is', async () => {
  const { chat, say } = await longChat()
  world.api.answers.push(
    says([{ text: ['Full.'] }], { input: 190_000 }),
    json(400, { type: 'error', error: { type: 'invalid_request_error', message: 'no' } }),
  )
  expect(await say('The last straw')).toMatchObject({ state: 'done', failure: null })
  expect((await chat.branch()).some(({ role }) => role === 'summary')).toBe(false)
  expect((await say('And now?')).state).toBe('done')
  expect(JSON.stringify(lastAsked('And now?').messages)).toContain('Question number 1')
})

const tooLong = () => json(400, { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens' } })

test('where a conversation is too long to be answered, the next message goes on from a summary', async () => {
  const { chat, say } = await longChat()
  world.api.answers.push(tooLong(), json(200, message('SUMMED UP: all of it')))
  expect(await say('Far too much')).toMatchObject({ state: 'failed', failure: 'tooLong' })
  expect((await chat.branch()).at(-1)?.role).toBe('summary')
  expect((await say('And now?')).state).toBe('done')
  expect(JSON.stringify(lastAsked('And now?').messages)).toContain('SUMMED UP: all of it')
})

test('what tools gave is left out before a conversation counts as too long', async () => {
  const { chat, say } = await longChat()
  const text = `begin ${'x'.repeat(1_500)} end`
  await writeFile(await spaceForActor(chat.actorId), chat.sessionId, { path: 'long.txt', text, expected: 'anything' })
  world.api.answers.push(says([{ tool: 'read_file', input: { path: 'long.txt' } }]), says([{ text: ['It is long.'] }]))
  await say('Read it')
  world.api.answers.push(tooLong(), says([{ text: ['It fits.'] }]))
  expect(await say('And now?')).toMatchObject({ state: 'done', failure: null })
  const asked = world.api.asked.filter(({ body }) => body.includes('And now?')).slice(-2)
  expect(asked.map(({ body }) => body.includes('x'.repeat(1_500)))).toEqual([true, false])
})
