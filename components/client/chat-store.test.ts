import { expect, it, vi } from 'vitest'
import type { ChatMessage } from '@/server/chats/schema.ts'
import type { RunEvent } from '@/server/workspace/schema.ts'
import { type ChatListener, type ChatSource, makeChatStore } from './chat-store.ts'

const message = (id: string, over: Partial<ChatMessage> = {}): ChatMessage => ({
  ...{
    id,
    parentId: null,
    role: 'assistant',
    parts: [],
    agentId: null,
    agentName: 'A',
    model: null,
    demo: false,
    state: 'done',
    runId: null,
  },
  ...{ failure: null, inputTokens: 0, outputTokens: 0, cacheTokens: 0, contextTokens: 0, costMicros: 0, durationMs: 0 },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', siblings: [id], ...over },
})

/** An answer with thinking, a tool, a turn that is taken back, and its end. */
const story: RunEvent[] = [
  { type: 'state', state: 'running' },
  { type: 'part', index: 0, part: { type: 'thinking', turn: 0, text: '' } },
  { type: 'delta', index: 0, field: 'text', text: 'hm' },
  { type: 'patch', index: 0, patch: { durationMs: 5 } },
  { type: 'part', index: 1, part: { type: 'text', turn: 0, text: 'He' } },
  { type: 'delta', index: 1, field: 'text', text: 'll' },
  { type: 'back', index: 1 },
  { type: 'part', index: 1, part: { type: 'text', turn: 0, text: 'Hi' } },
  { type: 'delta', index: 1, field: 'text', text: ' there' },
  { type: 'part', index: 2, part: { type: 'tool', turn: 0, callId: 'c', tool: 'read_file', input: '', output: '', state: 'writing' } },
  { type: 'delta', index: 2, field: 'input', text: '{}' },
  { type: 'patch', index: 2, patch: { state: 'done', output: 'x' } },
  { type: 'usage', inputTokens: 1, outputTokens: 2, cacheTokens: 0, contextTokens: 3, costMicros: 4 },
  { type: 'wait', wait: { status: 529, at: 1, waitMs: 1, attempt: 1 } },
  { type: 'state', state: 'succeeded' },
]
const whole = [
  { type: 'thinking', turn: 0, text: 'hm', durationMs: 5 },
  { type: 'text', turn: 0, text: 'Hi there' },
  { type: 'tool', turn: 0, callId: 'c', tool: 'read_file', input: '{}', output: 'x', state: 'done' },
]

/** A server that makes one answer, whose frames may be lost. */
function fakeServer() {
  let listener: ChatListener | null = null
  const server = {
    happened: 0,
    stored: [message('u', { role: 'user' }), message('a', { state: 'open', runId: 'r', parentId: 'u' })],
    asked: 0,
    connected: true as boolean,
    /** The next event happens; `from` may repeat earlier ones in the same frame. */
    happen(first?: number): void {
      const from = first ?? server.happened + 1
      server.happened++
      if (server.connected)
        listener?.frame({ sessionId: 's', runId: 'r', messageId: 'a', from, events: story.slice(from - 1, server.happened) })
    },
    connect(): void {
      server.connected = true
      listener?.opened()
    },
    lose(): void {
      server.connected = false
      listener?.offline()
    },
    listener: () => listener as ChatListener,
  }
  const source: ChatSource = {
    open(given) {
      listener = given
      return () => {
        listener = null
      }
    },
    messages: async ({ before }) =>
      before ? { items: [message('o')], next: null, total: 3 } : { items: structuredClone(server.stored), next: 'u', total: 3 },
    async events({ after }) {
      server.asked++
      // Pages of two, as a long answer comes in several.
      const events = story.slice(after, Math.min(server.happened, after + 2))
      return { from: after + 1, events: structuredClone(events), over: server.happened === story.length }
    },
  }
  return { server, source }
}
const toError = (error: unknown) => ({ code: (error as { code?: string }).code ?? 'OFFLINE', message: '' })
const start = (source: ChatSource) =>
  makeChatStore(source, { initial: { items: [], next: null, total: 0 }, toError, wait: () => new Promise((go) => setTimeout(go, 1)) })

it.each(story.map((_, at) => at))('a connection lost after event %i loses nothing and shows nothing twice', async (at) => {
  for (const missed of [0, 1, 4]) {
    const { server, source } = fakeServer()
    const store = start(source)
    store.subscribe(() => undefined)
    server.connect()
    for (let i = 0; i < at; i++) server.happen()
    server.lose()
    for (let i = 0; i < missed && server.happened < story.length; i++) server.happen()
    server.connect()
    // The rest comes at once, while the missing part is still being read; each frame repeats one event.
    while (server.happened < story.length) server.happen(Math.max(1, server.happened))
    await vi.waitFor(() => expect(store.getSnapshot().messages[1]?.state).toBe('done'), { timeout: 60_000 })
    expect(store.getSnapshot().messages[1]).toMatchObject({ parts: whole, runState: 'succeeded', wait: null, outputTokens: 2 })
  }
})

it('opened in the middle of an answer, it shows all of it', async () => {
  const { server, source } = fakeServer()
  server.happened = 9
  const store = start(source)
  store.subscribe(() => undefined)
  server.connect()
  await vi.waitFor(() => expect(store.getSnapshot().messages[1]?.parts?.[1]).toEqual(whole[1]), { timeout: 60_000 })
  const asked = server.asked
  const first = store.getSnapshot().messages[0]
  while (server.happened < story.length) server.happen()
  await vi.waitFor(() => expect(store.getSnapshot().messages[1]?.parts).toEqual(whole), { timeout: 60_000 })
  expect(server.asked).toBe(asked)
  // What did not change is not drawn again.
  expect(store.getSnapshot().messages[0]).toBe(first)
})

it('shows what was heard until what is stored is whole, and then that', async () => {
  const { server, source } = fakeServer()
  const store = start(source)
  store.subscribe(() => undefined)
  server.connect()
  while (server.happened < story.length) server.happen()
  await vi.waitFor(() => expect(store.getSnapshot().messages[1]).toMatchObject({ state: 'done', parts: whole }), { timeout: 60_000 })
  server.stored[1] = message('a', { parentId: 'u', runId: 'r', parts: [{ type: 'text', turn: 0, text: 'stored' }] })
  server.listener().changed('messages')
  await vi.waitFor(() => expect(store.getSnapshot().messages[1]?.parts).toEqual([{ type: 'text', turn: 0, text: 'stored' }]), {
    timeout: 60_000,
  })
  server.happened = 3
  server.happen()
  expect(store.getSnapshot().messages[1]?.parts).toEqual([{ type: 'text', turn: 0, text: 'stored' }])
})

it('keeps older messages that were loaded, but not those of another branch', async () => {
  const { server, source } = fakeServer()
  server.stored = [message('u', { role: 'user', parentId: 'o' })]
  const store = start(source)
  store.subscribe(() => undefined)
  server.connect()
  await vi.waitFor(() => expect(store.getSnapshot().hasOlder).toBe(true), { timeout: 60_000 })
  await store.older()
  const ids = () => store.getSnapshot().messages.map(({ id }) => id)
  expect(ids()).toEqual(['o', 'u'])
  expect(store.getSnapshot().hasOlder).toBe(false)
  server.stored = [message('v', { role: 'user', parentId: 'o' })]
  await store.refresh()
  expect(ids()).toEqual(['o', 'v'])
  server.stored = [message('w', { role: 'user' })]
  await store.refresh()
  expect(ids()).toEqual(['w'])
  expect(store.getSnapshot().hasOlder).toBe(true)
})

it('asks again after a bad moment, and not after a refusal', async () => {
  const { server, source } = fakeServer()
  const failures = [{ code: 'OFFLINE' }, { code: 'INTERNAL' }]
  const store = start({
    ...source,
    messages: async (input) => {
      const failure = failures.shift()
      if (failure) throw failure
      return source.messages(input)
    },
  })
  store.subscribe(() => undefined)
  server.connect()
  await vi.waitFor(() => expect(store.getSnapshot().messages.length).toBe(2), { timeout: 60_000 })
  failures.push({ code: 'NOT_FOUND' })
  await store.refresh()
  expect(store.getSnapshot()).toMatchObject({ state: 'failed', error: { code: 'NOT_FOUND' } })
})
