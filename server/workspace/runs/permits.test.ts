import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ToolPart } from '@/server/chats/schema.ts'
import { until } from '@/server/testing/until.ts'
import { workspaceStage } from '@/server/testing/workspace-stage.ts'
import { says } from '@/server/testing/workspace-world.ts'
import { approvalsOf, decideApproval, send } from '../service.ts'

const world = workspaceStage()

const message = (sessionId: string) => ({ sessionId, requestId: randomUUID(), text: 'Hello', attachmentIds: [] })

test('a word counts for one call: a later one of the same name is asked about anew, and what is no tool is asked about never', async () => {
  const actorId = await world.makePerson()
  const agentId = await world.makeAgent(actorId, { tools: { write_file: 'ask' } })
  const chat = await world.makeChat(actorId, agentId)
  const write = (path: string) => says([{ tool: 'write_file', id: 'call_same', input: { path, content: 'x' } }])
  const none = says([{ tool: 'mcp__a__\u0000', input: {} }])
  world.api.answers.push(write('asked.txt'), write('other.txt'), none, says([{ text: ['Done.'] }]))
  const { runId } = await send(actorId, message(chat.sessionId))
  const waiting = () => until(async () => (await approvalsOf(actorId))[0], { what: 'a request' })
  const first = await waiting()
  expect(first.input).toContain('asked.txt')
  await decideApproval(actorId, { approvalId: first.id, decision: 'allow' })
  const second = await until(async () => (await approvalsOf(actorId)).find(({ id }) => id !== first.id), { what: 'the second request' })
  expect(second.input).toContain('other.txt')
  await decideApproval(actorId, { approvalId: second.id, decision: 'deny' })
  const answer = await chat.answer(runId)
  const calls = (answer.parts ?? []).filter((part): part is ToolPart => part.type === 'tool')
  expect(calls.map(({ state }) => state)).toEqual(['done', 'denied', 'denied'])
  expect(answer.state).toBe('done')
})
