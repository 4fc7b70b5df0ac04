import { expect, it } from 'vitest'
import type { Agent } from '@/server/agents/schema.ts'
import { checked, type FormDraft, formOf, newForm, sameForm, sentOf } from './form-draft.ts'

const form = (over: Partial<FormDraft> = {}): FormDraft => ({ ...newForm(null, { name: 'Helper', text: '' }), ...over })
const problems = (over: Partial<FormDraft>) => checked(form(over)).problems.map(({ field, problem, values }) => [field, problem, values])

it('sends what stands in the fields, and of the model’s settings those alone that it takes', () => {
  const { draft } = checked(
    form({ tags: 'Code, x,', temperature: '0,5', effort: 'high', thinking: 'on', pages: 'example.com\n\n*.Example.org' }),
  )
  expect(draft).toMatchObject({ tags: ['code', 'x'], service: null })
  expect(draft?.config).toMatchObject({ temperature: null, effort: 'high', thinking: 'on', pages: ['example.com', '*.example.org'] })
  const older = checked(form({ model: 'claude-haiku-4-5', temperature: '0,5', effort: 'high', thinking: 'budget', thinkingTokens: '2048' }))
  expect(older.draft?.config).toMatchObject({ temperature: 0.5, effort: null, thinking: 2048 })
})

it('says what is wrong with which field', () => {
  const server = {
    key: 'a',
    type: 'http',
    name: 'My Server',
    permission: 'ask',
    tools: {},
    command: '',
    args: '',
    url: 'ftp://x',
    pairs: [],
  } as const
  expect(problems({ name: ' ' })).toEqual([['name', 'missing', undefined]])
  expect(problems({ maxTokens: 'many' })).toEqual([['config.maxTokens', 'number', undefined]])
  expect(problems({ maxTokens: '90000' })).toEqual([['config.maxTokens', 'modelTooMany', { most: 64_000 }]])
  expect(problems({ pages: 'example.com\nhttps://x.y' })).toEqual([['config.pages', 'page', { line: 2 }]])
  expect(problems({ sharing: 'project' })).toEqual([['service', 'project', undefined]])
  expect(problems({ model: 'claude-haiku-4-5', temperature: '7' })).toEqual([['config.temperature', 'temperature', undefined]])
  expect(
    problems({ servers: [{ ...server, pairs: [{ key: 'b', name: '1x', value: '' }] }] }).map(([field, problem]) => `${field} ${problem}`),
  ).toEqual(['config.mcpServers.0.name mcpName', 'config.mcpServers.0.url url', 'config.mcpServers.0.headers.0.name pair'])
})

it('shows a stored agent as it is, so that nothing has changed before something is typed', () => {
  const { draft } = checked(form({ tags: 'a, b', sharing: 'private' }))
  const agent = { ...draft, status: 'error' } as unknown as Agent
  expect(sentOf(formOf(agent))).toMatchObject({ tags: ['a', 'b'], status: 'active', config: { tools: { run_command: 'ask' } } })
  expect(sameForm(formOf(agent), formOf(agent))).toBe(true)
})
