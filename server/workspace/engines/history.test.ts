import { expect, test } from 'vitest'
import { agentConfigSchema } from '@/server/agents/schema.ts'
import type { ChatMessage, Part } from '@/server/chats/schema.ts'
import { messagesOf } from './history.ts'

const half = '😀'.slice(0, 1)
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
  const usage = { inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0 }
  const run = { history, parts: [], usage, turnsDone: 0, config: agentConfigSchema.parse({ model: 'claude-sonnet-5-5' }), agentId: null }
  const text = JSON.stringify(await messagesOf(run, async () => Buffer.from('x')))
  expect(text).not.toMatch(/\\ud[89a-f]/)
  expect(text).toContain('Hi \ufffd')
})
