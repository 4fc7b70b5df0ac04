import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Inngest } from 'inngest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AgentConfig } from '@/server/agents/schema.ts'
import type { Part, ToolPart } from '@/server/chats/schema.ts'
import { env } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { register } from '@/server/core/registry.ts'
import { directoryOf, diskRoom } from '@/server/files/service.ts'
import { addDocument, readDocument } from '@/server/memory/service.ts'
import { says, type WorkspaceWorld, workspaceWorld } from '@/server/testing/workspace-world.ts'
import type { Runner } from '../runs/types.ts'
import { send } from '../service.ts'

let world: WorkspaceWorld
let runner: Runner
beforeAll(async () => {
  world = await workspaceWorld()
  register({ inngest: new Inngest({ id: 'test', isDev: true, fetch: async () => Response.json({ ids: ['1'], status: 200 }) }) })
  runner = world.startRunner()
})
afterAll(async () => {
  await runner.stop()
  await world.stop()
})

/** An MCP server that knows one tool, and falls over at the other. */
const program = `
const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  const tool = (name) => ({ name, description: 'Does ' + name, inputSchema: { type: 'object' } })
  if (method === 'initialize') say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } } })
  if (method === 'tools/list') say({ id, result: { tools: [tool('greet'), tool('crash'), tool('secret'), tool('fill')] } })
  if (method === 'tools/call' && params.name === 'crash') process.exit(1)
  // It never answers, and keeps what it wrote without a name.
  if (method === 'tools/call' && params.name === 'fill') for (const name of [...Array(4).keys()]) {
    const fs = require('fs'), file = fs.openSync('f' + name, 'w')
    fs.writeSync(file, 'x'.repeat(900000))
    if (name % 2) fs.rmSync('f' + name)
  }
  else if (method === 'tools/call') say({ id, result: { content: [{ type: 'text', text: 'Good day, ' + params.arguments.name } ] } })
})`

const mcp = { type: 'stdio' as const, command: 'node', env: [], permission: 'allowed' as const }
const config: Partial<AgentConfig> = {
  tools: { search_documents: 'allowed', fetch_page: 'allowed' },
  pages: ['127.0.0.1'],
  mcpServers: [
    { ...mcp, name: 'hall', args: ['server.js'], tools: { secret: 'denied' } },
    { ...mcp, name: 'gone', args: ['-e', 'process.exit(2)'], tools: {} },
  ],
}

test('an answer uses documents, an MCP server and pages; what breaks is a result for the model, and the run goes on', async () => {
  const actorId = await world.makePerson()
  const agentId = await world.makeAgent(actorId, config)
  const bytes = new TextEncoder().encode('회의실을 예약하려면 접수처에 문의하세요.')
  const { id } = await addDocument(actorId, agentId, { requestId: randomUUID(), name: 'rooms.txt', bytes })
  await readDocument(id)
  const chat = await world.makeChat(actorId, agentId)
  writeFileSync(join(await directoryOf(await spaceForActor(actorId), chat.sessionId), 'server.js'), program)
  world.api.answers.push(
    says([
      { tool: 'search_documents', input: { query: '회의실 예약' } },
      { tool: 'mcp__hall__greet', input: { name: 'Jo' } },
      { tool: 'mcp__hall__crash', input: {} },
      { tool: 'mcp__hall__greet', input: {} },
      { tool: 'mcp__hall__secret', input: {} },
      { tool: 'fetch_page', input: { url: 'http://127.0.0.1/' } },
    ]),
    says([{ text: ['Ask at the desk [1].'] }]),
  )
  const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hello', attachmentIds: [] })
  const answer = await chat.answer(runId)
  expect(answer.state).toBe('done')
  const parts: readonly Part[] = answer.parts ?? []
  const calls = parts.filter((part): part is ToolPart => part.type === 'tool')
  expect(calls.map(({ tool, state }) => `${tool} ${state}`)).toEqual([
    'search_documents done',
    'mcp__hall__greet done',
    'mcp__hall__crash failed',
    'mcp__hall__greet failed',
    'mcp__hall__secret denied',
    'fetch_page failed',
  ])
  expect(calls[0]?.output).toContain('[1] rooms.txt\n회의실을 예약하려면')
  expect(calls[1]?.output).toBe('Good day, Jo')
  expect(calls[2]?.output).toBe('The server ended the connection.')
  expect(calls[5]?.output).toBe('127.0.0.1 is no address on the public internet.')
  expect(parts.find((part) => part.type === 'sources')).toMatchObject({ items: [{ documentId: id, name: 'rooms.txt', page: null }] })
  const notices = parts.filter((part) => part.type === 'notice' && part.notice === 'mcp')
  expect(notices).toMatchObject([{ values: { server: 'gone', reason: 'The program ended before it was ready.' } }])
})

test('a program of a server that fills the disk is ended, and the model hears why', async () => {
  const actorId = await world.makePerson()
  const spaceId = await spaceForActor(actorId)
  const [hall] = config.mcpServers ?? []
  const chat = await world.makeChat(actorId, await world.makeAgent(actorId, { mcpServers: hall ? [hall] : [] }))
  writeFileSync(join(await directoryOf(spaceId, chat.sessionId), 'server.js'), program)
  world.api.answers.push(says([{ tool: 'mcp__hall__fill', input: {} }]), says([{ text: ['It was too much.'] }]))
  const limit = env().MAESTRO_CHAT_DISK_MB
  env().MAESTRO_CHAT_DISK_MB = 2
  try {
    const { runId } = await send(actorId, { sessionId: chat.sessionId, requestId: randomUUID(), text: 'Hello', attachmentIds: [] })
    const parts: readonly Part[] = (await chat.answer(runId)).parts ?? []
    expect(parts.find((part) => part.type === 'tool')).toMatchObject({ state: 'failed', output: expect.stringContaining('disk quota') })
    // What has a name is there still, and counts.
    expect((await diskRoom(spaceId)).used).toBeGreaterThan(1_800_000)
  } finally {
    env().MAESTRO_CHAT_DISK_MB = limit
  }
})
