import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentConfigSchema } from '@/server/agents/schema.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { socketPath } from '@/server/core/paths.ts'
import type { MessageRequest } from '@/server/embedded/model/protocol/request.ts'
import { type DemoModel, startDemoModel } from '@/server/embedded/model/server.ts'
import { type TestChat, type WorkspaceWorld, workspaceWorld } from '@/server/testing/workspace-world.ts'
import { type EngineRun, RunStop } from '../engines/types.ts'
import { type Gateway, openGateway, sweepGateways } from './gateway.ts'

let demo: DemoModel
let world: WorkspaceWorld
let chat: TestChat
let gateway: Gateway
let quota: RunStop | null = null
const seen: MessageRequest[] = []

beforeAll(async () => {
  demo = await startDemoModel({
    fault: (one) => {
      seen.push(one)
      return null
    },
  })
  world = await workspaceWorld({ ai: { baseUrl: demo.url } })
  const actorId = await world.makePerson()
  chat = await world.makeChat(actorId)
  const run = {
    ...{ runId: 'run', actorId, spaceId: await spaceForActor(actorId), sessionId: chat.sessionId, signal: new AbortController().signal },
    config: agentConfigSchema.parse({ model: 'claude-haiku-5-5' }),
    checkQuota: async () => {
      if (quota) throw quota
    },
  }
  gateway = await openGateway(
    run as unknown as EngineRun,
    () => undefined,
    () => undefined,
  )
})
afterAll(async () => {
  await gateway.close()
  await world.stop()
  await demo.stop()
})

type Asked = { path?: string; method?: string; token?: string | null; body?: unknown }
function ask({ path = '/v1/messages?beta=true', method = 'POST', token = gateway.token, body }: Asked) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    }
    const sent = request({ socketPath: gateway.path, path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
const hello = { model: 'claude-opus-5-5', max_tokens: 1_000_000, messages: [{ role: 'user', content: 'Hello' }] }

describe('the socket of a run', () => {
  it('answers its run alone, and nothing but the Messages API', async () => {
    expect((await ask({ token: null, body: hello })).status).toBe(401)
    expect((await ask({ token: `${gateway.token.slice(0, -1)}!`, body: hello })).status).toBe(401)
    for (const path of ['/', '/v1/models', '/v1/messages/batches', '/v1/files', '/v1/messages/../files', '/api/trpc/accounts.me'])
      expect((await ask({ path, body: hello })).status).toBe(404)
    expect((await ask({ method: 'GET' })).status).toBe(404)
    expect((await ask({ body: [] })).status).toBe(400)
    expect(seen).toEqual([])
  })

  it('asks for the agent’s model with what that takes, streams the answer and writes it down', async () => {
    const given = { ...hello, stream: true, temperature: 1, thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }
    const { status, text } = await ask({ body: given })
    expect(status).toBe(200)
    expect(text).toContain('event: message_stop')
    expect(seen.at(-1)).toMatchObject({ model: 'claude-haiku-5-5', max_tokens: 64_000 })
    expect(Object.keys(seen.at(-1) ?? {})).not.toContain('temperature')
    expect(seen.at(-1)?.thinking).toBeUndefined()
    const row = await world.database.db.modelCall.findFirstOrThrow({ where: { sessionId: chat.sessionId } })
    expect(row).toMatchObject({ purpose: 'claude-code', status: 200 })
    expect(JSON.parse((await ask({ path: '/v1/messages/count_tokens', body: hello })).text).input_tokens).toBeGreaterThan(0)
  })

  it('asks for nothing that would be fetched outside of the sandbox', async () => {
    const tools = [
      { name: 'Bash', input_schema: { type: 'object' } },
      { type: 'web_search_20250305', name: 'web_search' },
    ]
    expect((await ask({ body: { ...hello, tools, mcp_servers: [{ type: 'url', url: 'https://example.com', name: 'x' }] } })).status).toBe(
      200,
    )
    expect(seen.at(-1)?.tools?.map(({ name }) => name)).toEqual(['Bash'])
    expect(Object.keys(seen.at(-1) ?? {})).not.toContain('mcp_servers')
    const asked = seen.length
    const picture = { type: 'image', source: { type: 'url', url: 'https://example.com/?told=secret' } }
    for (const content of [[picture], [{ type: 'tool_result', tool_use_id: 'a', content: [picture] }]])
      expect((await ask({ body: { ...hello, messages: [{ role: 'user', content }] } })).status).toBe(400)
    expect(seen).toHaveLength(asked)
  })

  it('hands errors on, and says to whom they matter', async () => {
    const failing = { ...hello, messages: [{ role: 'user', content: '[demo 400]' }] }
    const { status, text } = await ask({ body: failing })
    expect([status, JSON.parse(text).error.type]).toEqual([400, 'invalid_request_error'])
    expect(gateway.failure()).toMatchObject({ status: 400 })
    quota = new RunStop('quota')
    expect((await ask({ body: hello })).status).toBe(403)
    expect(gateway.failure()).toBe(quota)
  })

  it('leaves no socket of a process that was killed, and each that answers', async () => {
    const folder = dirname(gateway.path)
    expect(folder).toBe(dirname(socketPath(world.dataDir, 'x')))
    const left = join(folder, 'run-0123456789ab.model')
    const script = `require('net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 'SIGKILL'))`
    await once(spawn(process.execPath, ['-e', script]), 'exit')
    expect(existsSync(left)).toBe(true)
    await sweepGateways()
    expect(existsSync(left)).toBe(false)
    expect(existsSync(gateway.path)).toBe(true)
  })
})
