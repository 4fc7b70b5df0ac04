import { expect, test } from 'vitest'
import { agentConfigSchema } from '@/server/agents/schema.ts'
import type { ChatMessage, Part } from '@/server/chats/schema.ts'
import { makeFold } from '../live/fold.ts'
import { messagesOf } from './history.ts'

const half = '😀'.slice(0, 1)
const config = agentConfigSchema.parse({ model: 'claude-sonnet-5-5' })
const usage = { inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0 }
const said = (role: string, parts: Part[]) => ({ role, parts, agentId: null }) as unknown as ChatMessage

test('halves of letters, from people, names of files and tools that were cut, do not reach the model', async () => {
  const history = [
    said('user', [
      { type: 'text', turn: 0, text: `Hi ${half}` },
      { type: 'file', turn: 0, attachmentId: 'a', name: `a${half}.txt`, mediaType: 'text/plain', bytes: 1 },
    ]),
    said('assistant', [
      { type: 'tool', turn: 0, callId: 'c', tool: 'x', input: JSON.stringify({ [half]: half }), output: half, state: 'done' },
    ]),
  ]
  const run = { history, parts: [], usage, turnsDone: 0, config, agentId: null }
  const text = JSON.stringify(await messagesOf(run, async () => Buffer.from('x')))
  expect(text).not.toMatch(/\\ud[89a-f]/)
  expect(text).toContain('Hi \ufffd')
})

test('what calls gave is cut once the context was full, and stays cut in the requests and the messages that follow', async () => {
  const call = (turn: number): Part => ({
    ...{ type: 'tool', turn, callId: `call-${turn}`, tool: 'read_file', input: '{}', state: 'done' },
    output: `begin ${turn} ${'x'.repeat(5_000)} end ${turn}`,
  })
  const whole = async (run: Parameters<typeof messagesOf>[0], tooLong = false) => {
    const text = JSON.stringify(await messagesOf(run, async () => null, tooLong))
    return [0, 1, 2, 3, 4, 5].filter((turn) => text.includes(`begin ${turn} ${'x'.repeat(5_000)}`))
  }
  const fold = makeFold()
  fold.take({ type: 'usage', ...usage, contextTokens: 190_000 })
  // The next request was short, since so much was left out of it.
  fold.take({ type: 'usage', ...usage, contextTokens: 20_000 })
  const parts = [0, 1, 2, 3, 4, 5].map(call)
  const run = { history: [], parts, usage, turnsDone: 6, config, agentId: null }
  expect(await whole(run)).toEqual([0, 1, 2, 3, 4, 5])
  expect(await whole(run, true)).toEqual([5])
  expect(await whole({ ...run, usage: fold.state.usage })).toEqual([2, 3, 4, 5])
  const before = { ...said('assistant', parts), contextTokens: fold.state.usage.contextTokens }
  expect(await whole({ ...run, parts: [], history: [before] })).toEqual([])
  expect(await whole({ ...run, parts: [], history: [{ ...before, contextTokens: 20_000 }] })).toEqual([0, 1, 2, 3, 4, 5])
})
