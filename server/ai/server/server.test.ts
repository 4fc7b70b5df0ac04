import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testAi } from '@/server/testing/ai.ts'
import { ask } from '@/server/testing/sealed.ts'

let api: Server
let asked: { url: string; headers: NodeJS.Dict<string | string[]>; body: string }[]
let answers: ((response: ServerResponse) => void)[]
let server: Awaited<ReturnType<typeof testAi>>

const json =
  (status: number, body: unknown, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers }).end(JSON.stringify(body))

beforeAll(async () => {
  api = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push({ url: request.url ?? '', headers: request.headers, body })
    answers.shift()?.(response)
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  server = await testAi({ baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`, apiKey: 'the-key' })
})
afterAll(async () => {
  await server.stop()
  api.close()
})

describe('the call of Claude', () => {
  it('passes the request on as it came, with the key, and the answer back as it is', async () => {
    asked = []
    answers = [json(200, { hello: 'world' }, { 'anthropic-ratelimit-requests-remaining': '7', 'set-cookie': 'a=b' })]
    const body = '{ "model":"claude-haiku-5-5", "text": "안녕" }'
    const headers = { 'anthropic-beta': 'x-1', authorization: 'Bearer of-somebody', 'x-api-key': 'k', cookie: 'a=b', host: 'elsewhere' }
    const answer = await ask(server.ai, { request: { path: '/v1/messages', headers, body } })
    expect(answer).toMatchObject({ status: 200, whole: true, text: '{"hello":"world"}' })
    expect(answer.frames[0]).toMatchObject({
      kind: 'head',
      status: 200,
      headers: { 'request-id': 'req_1', 'anthropic-ratelimit-requests-remaining': '7' },
    })
    expect(Object.keys((answer.frames[0] as { headers: object }).headers)).not.toContain('set-cookie')
    expect(asked).toMatchObject([{ url: '/v1/messages', body, headers: { authorization: 'Bearer the-key', 'anthropic-beta': 'x-1' } }])
    expect(Object.keys(asked[0]?.headers ?? {})).not.toContain('cookie')
    expect(Object.keys(asked[0]?.headers ?? {})).not.toContain('x-api-key')
  })
})
