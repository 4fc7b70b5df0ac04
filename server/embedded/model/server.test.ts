import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type DemoModel, startDemoModel } from './server.ts'

let demo: DemoModel
let client: Anthropic
const model = 'claude-haiku-5-5'
const hello = { model, max_tokens: 500, messages: [{ role: 'user' as const, content: 'Hello there' }] }

beforeAll(async () => {
  demo = await startDemoModel()
  client = new Anthropic({ baseURL: demo.url, apiKey: 'demo', maxRetries: 0 })
})
afterAll(() => demo.stop())

const withFault = (fault: string, maxRetries = 0) => client.withOptions({ defaultHeaders: { 'x-demo-fault': fault }, maxRetries })

async function raw(path: string, init: RequestInit = {}) {
  const response = await fetch(demo.url + path, { ...init, headers: { 'x-api-key': 'k', ...init.headers } })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('messages', () => {
  it('answers a greeting as the demo model, with usage and a request id', async () => {
    const { data, response } = await client.messages.create(hello).withResponse()
    expect(data).toMatchObject({ type: 'message', role: 'assistant', model, stop_reason: 'end_turn', stop_sequence: null })
    expect(data.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('demo model') })
    expect(data.usage.input_tokens).toBeGreaterThan(8)
    expect(data.usage.output_tokens).toBeGreaterThan(10)
    expect(response.headers.get('request-id')).toMatch(/^req_/)
  })

  it('gives the same answer to the same request', async () => {
    expect(await client.messages.create(hello)).toEqual(await client.messages.create(hello))
  })

  it('speaks Korean to Korean', async () => {
    const { content } = await client.messages.create({
      ...hello,
      messages: [{ role: 'user', content: '안녕하세요, 무엇을 할 수 있나요?' }],
    })
    expect(JSON.stringify(content)).toContain('데모 모델')
  })

  it('ends at max_tokens and at a stop sequence, and says so', async () => {
    const short = await client.messages.create({ ...hello, max_tokens: 3 })
    expect(short).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 3 } })
    const stopped = await client.messages.create({ ...hello, stop_sequences: ['demo'] })
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'demo', content: [{ text: 'I am the ' }] })
  })

  it('counts tokens, with a beta query as well', async () => {
    const { max_tokens: _, ...counted } = hello
    const { input_tokens } = await client.messages.countTokens(counted)
    expect(input_tokens).toBe((await client.messages.create(hello)).usage.input_tokens)
    expect((await client.beta.messages.countTokens(counted)).input_tokens).toBe(input_tokens)
    expect((await client.beta.messages.create(hello)).content).toEqual((await client.messages.create(hello)).content)
  })

  it('lists its models and reads one', async () => {
    const ids: string[] = []
    for await (const { id, display_name } of client.models.list({ limit: 2 })) {
      ids.push(id)
      expect(display_name).toContain('demo model')
    }
    expect(ids).toEqual(['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-haiku-4-5'])
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, type: 'model' })
    await expect(client.models.retrieve('gpt')).rejects.toThrow(NotFoundError)
  })
})

describe('streams', () => {
  it('sends every event in order and adds up to the message', async () => {
    const plain = await client.messages.create(hello)
    const stream = client.messages.stream(hello)
    const types: string[] = []
    stream.on('streamEvent', ({ type }) => types.push(type))
    expect(await stream.finalMessage()).toMatchObject({
      content: [{ text: (plain.content[0] as { text: string }).text }],
      stop_reason: 'end_turn',
      usage: plain.usage,
    })
    expect(types.slice(0, 2)).toEqual(['message_start', 'content_block_start'])
    expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop'])
    expect(types.filter((type) => type === 'content_block_delta').length).toBeGreaterThan(1)
  })

  it('sends a ping that clients ignore, as text/event-stream', async () => {
    const { text, headers } = await raw('/v1/messages', { method: 'POST', body: JSON.stringify({ ...hello, stream: true }) })
    expect(headers.get('content-type')).toContain('text/event-stream')
    expect(text).toContain('event: ping\ndata: {"type":"ping"}\n\n')
  })

  it('streams a forced tool call as input_json_delta', async () => {
    const tools = [
      {
        name: 'weather',
        input_schema: {
          type: 'object' as const,
          properties: { city: { type: 'string' }, days: { type: 'integer' } },
          required: ['city', 'days'],
        },
      },
    ]
    const stream = client.messages.stream({ ...hello, tools, tool_choice: { type: 'tool', name: 'weather' } })
    const deltas: string[] = []
    stream.on('inputJson', (delta) => deltas.push(delta))
    const message = await stream.finalMessage()
    expect(message).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'weather', input: { city: 'demo model', days: 0 } }],
    })
    expect(deltas.join('')).toBe('{"city":"demo model","days":0}')
  })
})

describe('structured output', () => {
  it('fits any schema where it knows no better', async () => {
    const shape = z.object({
      kind: z.enum(['a', 'b']),
      when: z.iso.date(),
      list: z.array(z.object({ n: z.number().int() })).min(1),
      maybe: z.string().nullable(),
    })
    const message = await client.messages.parse({ ...hello, output_config: { format: zodOutputFormat(shape) } })
    expect(shape.parse(message.parsed_output)).toMatchObject({ kind: 'a', list: [{ n: 0 }] })
  })
})

describe('refusals', () => {
  const refusals: [string, unknown, number, string][] = [
    ['no JSON', '{', 400, 'invalid_request_error'],
    ['no messages', { model, max_tokens: 5, messages: [] }, 400, 'invalid_request_error'],
    ['no max_tokens', { model, messages: hello.messages }, 400, 'invalid_request_error'],
    ['too many max_tokens', { ...hello, max_tokens: 1e6 }, 400, 'invalid_request_error'],
    ['an assistant first', { ...hello, messages: [{ role: 'assistant', content: 'x' }] }, 400, 'invalid_request_error'],
    ['a temperature', { ...hello, temperature: 0.5 }, 400, 'invalid_request_error'],
    [
      'a stray tool result',
      { ...hello, messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: '' }] }] },
      400,
      'invalid_request_error',
    ],
    ['an unknown model', { ...hello, model: 'claude-none' }, 404, 'not_found_error'],
  ]
  it.each(refusals)('refuses %s', async (_, body, status, type) => {
    const answer = await raw('/v1/messages', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject({ type: 'error', error: { type, message: expect.any(String) } })
    expect(answer.headers.get('request-id')).toMatch(/^req_/)
  })

  it('wants a key, as x-api-key or Bearer', async () => {
    const none = await fetch(`${demo.url}/v1/models`)
    expect([none.status, await none.json()]).toMatchObject([401, { type: 'error', error: { type: 'authentication_error' } }])
    expect((await fetch(`${demo.url}/v1/models`, { headers: { authorization: 'Bearer t' } })).status).toBe(200)
    expect((await fetch(`${demo.url}/v1/models`, { headers: { 'x-api-key': 't' } })).status).toBe(200)
    await expect(
      client.withOptions({ apiKey: null, authToken: null, defaultHeaders: { authorization: null } }).messages.create(hello),
    ).rejects.toThrow(AuthenticationError)
  })

  it('refuses 32 MB and one byte, and serves on', async () => {
    const body = JSON.stringify({ ...hello, messages: [{ role: 'user', content: 'x'.repeat(32 * 1024 * 1024) }] })
    const answer = await raw('/v1/messages', { method: 'POST', body }).catch(() => null)
    if (answer) expect(answer).toMatchObject({ status: 413, text: expect.stringContaining('request_too_large') })
    expect((await raw('/v1/models')).status).toBe(200)
    expect((await raw('/nowhere')).status).toBe(404)
    expect((await raw('/v1/messages')).status).toBe(404)
  })

  it('maps to the errors of the SDK', async () => {
    await expect(client.messages.create({ ...hello, max_tokens: 0 })).rejects.toThrow(BadRequestError)
    await expect(client.messages.create({ ...hello, model: 'x' })).rejects.toThrow(NotFoundError)
  })
})

describe('faults', () => {
  it('answers 429 with retry-after, and the SDK tries again by itself', async () => {
    const error = await withFault('429;retry-after=1')
      .messages.create(hello)
      .catch((reason) => reason)
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error.headers.get('retry-after')).toBe('1')
    const begun = Date.now()
    const message = await withFault('429;retry-after=0.2;times=1', 2).messages.create(hello)
    expect(message.stop_reason).toBe('end_turn')
    expect(Date.now() - begun).toBeGreaterThanOrEqual(190)
  })

  it('answers 529', async () => {
    await expect(withFault('529').messages.create(hello)).rejects.toThrow(InternalServerError)
  })

  it('breaks a stream with an error event, and cuts it', async () => {
    const error = await withFault('sse-error')
      .messages.stream(hello)
      .finalMessage()
      .catch((reason) => reason)
    expect(error).toBeInstanceOf(APIError)
    expect(error.type).toBe('overloaded_error')
    await expect(withFault('cut').messages.stream(hello).finalMessage()).rejects.toThrow()
    await expect(withFault('cut').messages.create(hello)).rejects.toThrow()
    expect((await client.messages.create(hello)).stop_reason).toBe('end_turn')
  })

  it('is slow when asked, and survives a client that leaves', async () => {
    const begun = Date.now()
    await withFault('slow=150').messages.create(hello)
    expect(Date.now() - begun).toBeGreaterThanOrEqual(145)
    await expect(withFault('slow=60000').messages.create(hello, { timeout: 100 })).rejects.toThrow()
    expect((await withFault('slow=20').messages.stream(hello).finalMessage()).stop_reason).toBe('end_turn')
  })

  it('refuses a fault it does not know', async () => {
    await expect(withFault('nonsense').messages.create(hello)).rejects.toThrow(/unknown fault/)
  })

  it('turns hostile: tries every way out, then claims success', async () => {
    const seen: string[] = []
    const tool = betaZodTool({
      name: 'write_file',
      description: '',
      inputSchema: z.object({ path: z.string(), content: z.string() }),
      run: ({ path }) => `Refused: ${seen.push(path)}`,
    })
    const system = 'You are the backend developer of a software crew. Work.'
    const last = await withFault('hostile').beta.messages.toolRunner({ ...hello, system, max_tokens: 16_000, tools: [tool], thread: false })
    expect(seen).toEqual(
      expect.arrayContaining(['../outside.txt', '.git/hooks/post-checkout', 'package.json', 'acceptance/harness.mjs', 'src/huge.js']),
    )
    expect(JSON.stringify(last.content)).toContain('all acceptance tests pass')
  })
})
