import { expect, test } from 'vitest'
import { agentConfigSchema } from '@/server/agents/schema.ts'
import type { ChatMessage, Part } from '@/server/chats/schema.ts'
import { messagesOf, turnsOf } from './engines/history.ts'
import { isLong, parametersOf, permissionOf, plainConfig, shortened, sinceSummary, summedUp } from './rules.ts'
import { applyEvent, type RunEvent } from './schema.ts'

const config = (over: object) => agentConfigSchema.parse({ model: 'claude-sonnet-5-5', ...over })
const message = (id: string, role: ChatMessage['role'] = 'user', text = id): ChatMessage => ({
  ...{
    id,
    parentId: null,
    role,
    parts: [{ type: 'text', turn: 0, text }],
    agentId: null,
    agentName: null,
    model: null,
    demo: false,
    state: 'done',
  },
  ...{ runId: null, failure: null, inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0, durationMs: 0 },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', siblings: [id] },
})
const run = (history: ChatMessage[], over: object = {}) => ({
  ...{ history, parts: [], config: plainConfig, agentId: null, turnsDone: 0 },
  ...{ usage: { inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0 }, ...over },
})

test('a request has only what its model takes', () => {
  expect(parametersOf(config({ temperature: 0.5, effort: 'high', thinking: 'on' }))).toEqual({
    ...{ model: 'claude-sonnet-5-5', max_tokens: 8_000, thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
  })
  expect(parametersOf(config({ model: 'claude-haiku-4-5', temperature: 0.5, effort: 'high', thinking: 'on' }))).toEqual({
    ...{ model: 'claude-haiku-4-5', max_tokens: 8_000, temperature: 0.5 },
  })
  const budget = parametersOf(config({ model: 'claude-haiku-4-5', temperature: 0.5, thinking: 2_000, maxTokens: 999_999 }))
  expect(budget).toEqual({ model: 'claude-haiku-4-5', max_tokens: 64_000, thinking: { type: 'enabled', budget_tokens: 2_000 } })
})

test('what nobody allowed is denied: unknown tools, unknown servers, names that every object has', () => {
  const server = { type: 'stdio', name: 'files', command: 'x', permission: 'allowed', tools: { rm: 'denied' } }
  const one = config({ tools: { read_file: 'ask' }, mcpServers: [server] })
  const asked = [
    'read_file',
    'write_file',
    'launch',
    'constructor',
    '__proto__',
    'mcp__files__ls',
    'mcp__files__rm',
    'mcp__other__ls',
    'mcp__files__toString',
  ]
  const given = ['ask', 'allowed', 'denied', 'denied', 'denied', 'allowed', 'denied', 'denied', 'allowed']
  expect(asked.map((tool) => permissionOf(one, tool))).toEqual(given)
})

test('behind a summary the latest messages stay as they are, and nothing is said twice', () => {
  const before = Array.from({ length: 20 }, (_, at) => message(`m${at}`))
  const branch = [...before, message('s', 'summary'), message('next')]
  expect(sinceSummary(branch).map(({ id }) => id)).toEqual(['s', 'm14', 'm15', 'm16', 'm17', 'm18', 'm19', 'next'])
  expect(sinceSummary(before)).toEqual(before)
  // The summary is made before the answer is there: with it, those that stay are as many.
  expect(summedUp(before.slice(0, 19)).at(-1)?.id).toBe('m13')
  expect([isLong(10_000, plainConfig), isLong(190_000, plainConfig)]).toEqual([false, true])
})

test('turns become answers and results; what is unreadable or empty is left out; another agent is quoted', async () => {
  const call: Part = {
    type: 'tool',
    turn: 0,
    callId: 'c',
    tool: 'read_file',
    input: '{"path":"a"}',
    output: 'A'.repeat(2_000),
    state: 'done',
  }
  const parts: Part[] = [{ type: 'thinking', turn: 0, text: 'hm', signature: 's' }, call, { type: 'text', turn: 1, text: 'It is A.' }]
  const turns = turnsOf(parts, true)
  expect(turns.map(({ role }) => role)).toEqual(['assistant', 'user', 'assistant'])
  expect(turns[0]?.content).toEqual([
    { type: 'thinking', thinking: 'hm', signature: 's' },
    { type: 'tool_use', id: 'c', name: 'read_file', input: { path: 'a' } },
  ])
  expect(JSON.stringify(turnsOf(parts, true, 1)).length).toBeLessThan(1_200)
  const other = { ...message('b', 'assistant', 'I think so.'), agentId: 'other', agentName: 'Other' }
  const history = [message('a'), other, { ...message('c'), parts: null }, message('d', 'user', '  ')]
  const messages = await messagesOf(run(history), async () => null)
  expect(messages.map(({ role }) => role)).toEqual(['user', 'user', 'user'])
  expect(JSON.stringify(messages[1])).toContain('[Other answered]')
  expect(JSON.stringify(messages.at(-1))).toContain('cache_control')
  const unknown = await messagesOf(
    run([{ ...message('f'), parts: [{ type: 'file', turn: 0, attachmentId: 'x', name: 'a.png', mediaType: 'image/png', bytes: 3 }] }]),
    async () => null,
  )
  expect(JSON.stringify(unknown)).toContain('not there any more')
})

test('a long text loses its middle', () => {
  expect(shortened('abc', 10)).toBe('abc')
  const text = shortened(`begin${'x'.repeat(100_000)}end`, 1_000)
  expect([text.length <= 1_000, text.startsWith('begin'), text.endsWith('end')]).toEqual([true, true, true])
})

test('events of any kind, in any order, leave a message that can be shown', () => {
  const parts: Part[] = []
  const odd: RunEvent[] = [
    { type: 'delta', index: 3, field: 'text', text: 'nowhere' },
    { type: 'patch', index: 9, patch: { state: 'done' } },
    { type: 'back', index: 5 },
    { type: 'part', index: 0, part: { type: 'text', turn: 0, text: 'a' } },
    { type: 'part', index: 0, part: { type: 'text', turn: 0, text: 'b' } },
    { type: 'delta', index: 0, field: 'text', text: 'c' },
    { type: 'title', title: 'x' },
  ]
  for (const event of odd) applyEvent(parts, event)
  expect(parts).toEqual([{ type: 'text', turn: 0, text: 'bc' }])
})
