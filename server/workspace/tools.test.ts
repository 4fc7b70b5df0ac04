import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ToolPart } from '@/server/chats/schema.ts'
import { handIn } from '@/server/chats/service.ts'
import { env } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { directoryOf } from '@/server/files/service.ts'
import { until } from '@/server/testing/until.ts'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { says, type TestChat, type WorkspaceWorld } from '@/server/testing/workspace-world.ts'
import { approvalsOf, decideApproval, expireOldApprovals, send, stopRun } from './service.ts'

const world = workspaceStage()

async function begun(config: Parameters<WorkspaceWorld['makeAgent']>[1] = {}) {
  const actorId = await world.makePerson()
  const chat = await world.makeChat(actorId, await world.makeAgent(actorId, config))
  const say = (text: string) => send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text, attachmentIds: [] })
  return { actorId, chat, say }
}
const write = (path: string, content: string) => ({ tool: 'write_file', input: { path, content } })
const remove = (path: string) => ({ tool: 'delete_file', input: { path } })
async function calls(chat: TestChat, runId: string): Promise<ToolPart[]> {
  return ((await chat.answer(runId)).parts ?? []).filter((part): part is ToolPart => part.type === 'tool')
}
const waiting = (actorId: Parameters<typeof approvalsOf>[0], count: number) =>
  until(
    async () => {
      const found = await approvalsOf(actorId)
      return found.length === count ? found : null
    },
    { what: `${count} requests that wait` },
  )

test('a tool is called and its result goes back to the model', async () => {
  const { chat, say } = await begun()
  world.api.answers.push(says([{ text: ['I write it.'] }, write('notes/a.md', 'Hello')]))
  const [call] = await calls(chat, (await say('Write a note')).runId)
  expect(call).toMatchObject({ tool: 'write_file', state: 'done', changed: [{ path: 'notes/a.md', kind: 'added' }] })
  const last = JSON.parse(world.api.asked.findLast(({ body }) => body.includes('tool_result'))?.body ?? '{}')
  expect(last.messages.at(-1).content[0]).toMatchObject({ type: 'tool_result', tool_use_id: call?.callId })
  expect(last.tools.map(({ name }: { name: string }) => name)).not.toContain('fetch_page')
})

test('what may not leave the folder does not, and a tool that there is not is an error of the model', async () => {
  const { chat, say } = await begun()
  const paths = ['../outside.txt', '/etc/passwd', '.git/config', 'a/../../b']
  world.api.answers.push(
    says([...paths.map((path) => write(path, 'x')), { tool: 'launch', input: {} }, { tool: 'read_file', input: { path: 7 } }]),
  )
  const found = await calls(chat, (await say('Go')).runId)
  expect(found.map(({ state }) => state)).toEqual([...paths.map(() => 'failed'), 'denied', 'failed'])
})

test('all requests of a turn wait at once; each is decided once, whichever tab is first; a denied call is not made', async () => {
  const { actorId, chat, say } = await begun({ tools: { write_file: 'ask' } })
  world.api.answers.push(says([write('a.txt', 'a'), write('b.txt', 'b'), write('c.txt', 'c')]))
  const { runId } = await say('Write three')
  const [first, second, third] = await waiting(actorId, 3)
  expect(first).toMatchObject({ tool: 'write_file', agentName: 'Helper', state: 'waiting' })
  expect(JSON.parse(first?.input ?? '')).toEqual({ path: 'a.txt', content: 'a' })
  const both = await Promise.all([
    decideApproval(actorId, { approvalId: first?.id ?? '', decision: 'allow' }),
    decideApproval(actorId, { approvalId: first?.id ?? '', decision: 'deny' }),
  ])
  expect(both.filter(({ counted }) => counted)).toHaveLength(1)
  expect(new Set(both.map(({ state }) => state)).size).toBe(1)
  const stranger = await world.makePerson()
  await expect(decideApproval(stranger, { approvalId: second?.id ?? '', decision: 'allow' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await decideApproval(actorId, { approvalId: second?.id ?? '', decision: 'deny' })
  await decideApproval(actorId, { approvalId: third?.id ?? '', decision: 'allow' })
  const states = (await calls(chat, runId)).map(({ state }) => state)
  expect(states).toEqual([both[0]?.state === 'allowed' ? 'done' : 'denied', 'denied', 'done'])
})

test('allowed for the whole answer, a tool asks no more', async () => {
  const { actorId, chat, say } = await begun({ tools: { write_file: 'ask' } })
  world.api.answers.push(says([write('a.txt', 'a'), write('b.txt', 'b')]), says([write('c.txt', 'c')]))
  const { runId } = await say('Write')
  const [first] = await waiting(actorId, 2)
  await decideApproval(actorId, { approvalId: first?.id ?? '', decision: 'always' })
  expect((await calls(chat, runId)).map(({ state }) => state)).toEqual(['done', 'done', 'done'])
})

test('without an answer for a day a call is denied; stopped, nothing waits any more', async () => {
  const { actorId, chat, say } = await begun()
  world.api.answers.push(says([remove('a.txt')]))
  const first = await say('Remove it')
  const [asked] = await waiting(actorId, 1)
  await world.database.db.toolApproval.update({ where: { id: asked?.id ?? '' }, data: { expiresAt: new Date(0) } })
  expect(await expireOldApprovals()).toBe(1)
  expect(await calls(chat, first.runId)).toMatchObject([{ state: 'denied', output: expect.stringContaining('Nobody answered') }])
  world.api.answers.push(says([remove('a.txt')]))
  const second = await say('Remove it')
  const [again] = await waiting(actorId, 1)
  await stopRun(actorId, { sessionId: chat.sessionId, runId: second.runId })
  expect(await calls(chat, second.runId)).toMatchObject([{ state: 'interrupted' }])
  expect(await approvalsOf(actorId)).toEqual([])
  expect(await decideApproval(actorId, { approvalId: again?.id ?? '', decision: 'allow' })).toEqual({ state: 'expired', counted: false })
})

test('a process that ends in the middle of waiting: the next one goes on, and asks no second time', async () => {
  const { actorId, chat, say } = await begun()
  world.api.answers.push(says([{ text: ['First I ask.'] }, remove('a.txt')]))
  const { runId } = await say('Remove it')
  const [asked] = await waiting(actorId, 1)
  await world.runner.stop()
  await decideApproval(actorId, { approvalId: asked?.id ?? '', decision: 'deny' })
  world.runner = world.startRunner()
  const answer = await chat.answer(runId)
  expect(answer.parts?.map(({ type }) => type)).toEqual(['text', 'tool', 'text'])
  expect(await world.database.db.toolApproval.count({ where: { runId } })).toBe(1)
})

test('a process that ends in the middle of an answer and of a call: nothing shows twice, and the call is not made again', async () => {
  const { actorId, chat, say } = await begun({ tools: { run_command: 'allowed' } })
  world.api.answers.push(says([{ text: ['lost'] }], { between: (index) => (index === 3 ? new Promise(() => undefined) : undefined) }))
  const first = await say('Go')
  await until(() => chat.heard.some(({ event }) => event.type === 'delta'), { what: 'the first words' })
  await world.runner.stop()
  world.runner = world.startRunner()
  const answer = await chat.answer(first.runId)
  expect(answer.parts).toMatchObject([{ type: 'text', text: 'Hello there.' }])
  world.api.answers.push(says([{ tool: 'run_command', input: { command: 'echo once >> log; sleep 60' } }]))
  const log = join(await directoryOf(await spaceForActor(actorId), chat.sessionId), 'log')
  const second = await say('Run it')
  await until(() => existsSync(log), { what: 'what the command does first' })
  await world.runner.stop()
  world.runner = world.startRunner()
  expect(await calls(chat, second.runId)).toMatchObject([{ state: 'interrupted', output: expect.stringContaining('started anew') }])
  expect(await readFile(log, 'utf8')).toBe('once\n')
  expect(await approvalsOf(actorId)).toEqual([])
})

test('whoever is suspended has no run any more: one that waits ends, and so does one that is about to go on', async () => {
  const { actorId, chat, say } = await begun()
  world.api.answers.push(says([remove('a.txt')]))
  const { runId } = await say('Remove it')
  await waiting(actorId, 1)
  await world.database.db.user.update({ where: { id: actorId }, data: { suspendedAt: new Date() } })
  expect((await chat.answer(runId)).state).toBe('stopped')
  expect(await world.database.db.chatRun.findUnique({ where: { id: runId } })).toMatchObject({ failure: 'suspended' })
  const asked = world.api.asked.length
  expect(await chat.answer((await say('More')).runId)).toMatchObject({ state: 'failed', failure: 'suspended' })
  expect(world.api.asked.length).toBe(asked)
})

test('a quota that is reached in the middle ends the answer in words', async () => {
  const { chat, say } = await begun()
  world.api.answers.push(says([write('a.txt', 'a')], { input: 900 }))
  Object.assign(env(), { MAESTRO_CHAT_TOKENS_PER_DAY: 500 })
  try {
    const { runId } = await say('Write')
    expect(await chat.answer(runId)).toMatchObject({ state: 'failed', failure: 'quota' })
    await expect(say('More')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  } finally {
    Object.assign(env(), { MAESTRO_CHAT_TOKENS_PER_DAY: 2_000_000 })
  }
  expect((await chat.answer((await say('Now')).runId)).state).toBe('done')
})

test('a file that was handed in lies in the folder, and goes to the model as what it is', async () => {
  const { actorId, chat } = await begun()
  const bytes = Buffer.from('remember the milk')
  const file = await handIn(actorId, chat.sessionId, { requestId: randomUUID(), name: 'note.txt', bytes })
  const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: '', attachmentIds: [file.id] })
  await chat.answer(runId)
  const folder = await directoryOf(await spaceForActor(actorId), chat.sessionId)
  expect(await readFile(join(folder, 'uploads', 'note.txt'), 'utf8')).toBe('remember the milk')
  expect(world.api.asked.some(({ body }) => body.includes('remember the milk') && body.includes('"type":"document"'))).toBe(true)
})
