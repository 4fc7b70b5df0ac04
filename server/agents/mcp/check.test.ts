import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '@/server/core/db.ts'
import { env } from '@/server/core/env.ts'
import { type TestDatabase, testDatabase } from '@/server/testing/database.ts'
import { asActor, makeUser } from '@/server/testing/factories.ts'
import { sealForPlatform } from '@/server/vault/service.ts'
import { agentConfigSchema, type McpServer, maskedValue, mcpServerSchema } from '../schema.ts'
import { agentContext } from '../service.ts'
import { checkMcp } from './check.ts'

let database: TestDatabase
const seen: (string | undefined)[] = []
const server = createServer((request, response) => {
  seen.push(request.headers['x-key']?.toString())
  response.writeHead(401).end()
})
let port = 0

beforeAll(async () => {
  database = await testDatabase()
  env().MAESTRO_DATA_DIR = mkdtempSync(join(tmpdir(), 'mcp-check-'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.close()
  rmSync(env().MAESTRO_DATA_DIR, { recursive: true, force: true })
  await database.drop()
})

/** A whole program in one argument. */
const small = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  const tools = [{ name: 'roll', description: 'Rolls a die', inputSchema: { type: 'object' } }]
  const hello = () => ({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } })
  const result = method === 'initialize' ? hello() : { tools }
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
})`

test('a server is tried with what its agent has stored, and nobody else gets at that', async () => {
  const [owner, other] = [await asActor((await makeUser()).id), await asActor((await makeUser()).id)]
  const given = (url: string, value: string) =>
    mcpServerSchema.parse({ type: 'http', name: 'docs', url, headers: [{ name: 'X-Key', value }] }) as McpServer
  const url = `http://127.0.0.1:${port}/mcp`
  const id = randomUUID()
  const config = agentConfigSchema.parse({ model: 'claude-sonnet-5-5', mcpServers: [given(url, 's3cret')] })
  const sealed = (await sealForPlatform(agentContext(id), Buffer.from(JSON.stringify(config)))) as Buffer<ArrayBuffer>
  await db().agent.create({
    data: { id, ownerId: owner, requestId: id, name: 'A', model: config.model, sharing: 'ALL', status: 'ACTIVE', sealed },
  })
  const masked = given(url, maskedValue)
  const answer = await checkMcp(owner, { agentId: id, server: masked }, { allowLoopback: true })
  expect(answer).toEqual({ ok: false, tools: [], problem: expect.objectContaining({ key: 'mcpUnauthorized', values: { status: 401 } }) })
  expect(seen).toEqual(['s3cret'])
  await expect(checkMcp(other, { agentId: id, server: masked })).rejects.toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  await expect(checkMcp(owner, { agentId: null, server: masked })).rejects.toThrow(expect.objectContaining({ key: 'secretAgain' }))
  const elsewhere = given('https://evil.example/mcp', maskedValue)
  await expect(checkMcp(owner, { agentId: id, server: elsewhere })).rejects.toThrow(expect.objectContaining({ key: 'secretAgain' }))
  expect((await checkMcp(owner, { agentId: id, server: masked })).problem?.key).toBe('outsideRefused')
  const program = mcpServerSchema.parse({ type: 'stdio', name: 'x', command: 'node', args: ['-e', 'process.exit(1)'] }) as McpServer
  expect((await checkMcp(owner, { agentId: null, server: program })).problem?.key).toBe('mcpEnded')
  const silent = { ...program, args: ['-e', `console.error('npm error network'); setInterval(() => {}, 1e6)`] } as McpServer
  const slow = await checkMcp(owner, { agentId: null, server: silent }, { startMs: 1_500 })
  expect(slow.problem).toMatchObject({ key: 'mcpSilentWith', values: { said: 'npm error network' } })
  const whole = { ...program, args: ['-e', `${small} // ${'a'.repeat(3_000)}`] } as McpServer
  expect(await checkMcp(owner, { agentId: null, server: mcpServerSchema.parse(whole) })).toEqual({
    ...{ ok: true, problem: null, tools: [{ name: 'roll', description: 'Rolls a die' }] },
  })
  const fill = `const fs = require('fs'); fs.writeFileSync('a', Buffer.alloc(60e6)); fs.writeFileSync('b', Buffer.alloc(60e6))
    try { fs.writeFileSync('c', Buffer.alloc(60e6)) } catch (error) { console.error(process.cwd() + ' ' + error.code) } process.exit(1)`
  const filling = mcpServerSchema.parse({ ...program, args: ['-e', fill] }) as McpServer
  expect((await checkMcp(owner, { agentId: null, server: filling })).problem?.values).toEqual({ said: '/workspace ENOSPC' })
})
