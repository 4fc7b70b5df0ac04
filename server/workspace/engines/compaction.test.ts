import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, message } from '@/server/testing/messages-api.ts'
import { says, type WorkspaceWorld, workspaceWorld } from '@/server/testing/workspace-world.ts'
import type { Runner } from '../runs/types.ts'
import { send } from '../service.ts'

let world: WorkspaceWorld
let runner: Runner
beforeAll(async () => {
  world = await workspaceWorld()
  runner = world.startRunner()
})
afterAll(async () => {
  await runner.stop()
  await world.stop()
})

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
  await say('And now?')
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

test('what the model takes no more of is asked once more in short; where that is too long, too, the next message goes on from a summary', async () => {
  const { chat, say } = await longChat()
  const tooLong = () => json(400, { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens' } })
  world.api.answers.push(tooLong(), says([{ text: ['It fits.'] }]))
  expect(await say('A little much')).toMatchObject({ state: 'done', failure: null })
  world.api.answers.push(tooLong(), tooLong(), json(200, message('SUMMED UP: all of it')))
  expect(await say('Far too much')).toMatchObject({ state: 'failed', failure: 'tooLong' })
  expect((await chat.branch()).at(-1)?.role).toBe('summary')
  expect((await say('And now?')).state).toBe('done')
  expect(JSON.stringify(lastAsked('And now?').messages)).toContain('SUMMED UP: all of it')
})
