import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What was asked of the API. */
export interface Asked {
  method: string
  url: string
  headers: NodeJS.Dict<string | string[]>
  body: string
}

export type Answer = (response: ServerResponse, asked: Asked) => unknown

/** A Messages API whose every answer a test decides. */
export interface MessagesApi {
  url: string
  /** All that was asked but probes. */
  asked: Asked[]
  /** Answers to come, one after another; `usual` where there is none left. */
  answers: Answer[]
  usual: Answer
  stop(): Promise<void>
}

/** One JSON document. */
export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers }).end(JSON.stringify(body))

/** A message, as the API words it. */
export const message = (text: string, usage: object = { input_tokens: 10, output_tokens: 5 }) => ({
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-haiku-5-5', content: [{ type: 'text', text }] },
  ...{ stop_reason: 'end_turn', stop_sequence: null, usage },
})

/** One event of a stream. */
export const event = (data: { type: string } & Record<string, unknown>): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

/** The events of a streamed answer, a word each. */
export function eventsOf(words: readonly string[], usage = { input_tokens: 10, output_tokens: words.length }): string[] {
  const deltas = words.map((text) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }))
  return [
    event({ type: 'message_start', message: { ...message(''), content: [], usage: { ...usage, output_tokens: 1 } } }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    ...deltas,
    event({ type: 'content_block_stop', index: 0 }),
    event({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    }),
    event({ type: 'message_stop' }),
  ]
}

/** A streamed answer, all of it at once. */
export const stream =
  (words: readonly string[]): Answer =>
  (response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_s' }).end(eventsOf(words).join(''))

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Starts such an API on loopback. */
export async function startMessagesApi(usual: Answer = json(200, message('hello'))): Promise<MessagesApi> {
  const server = createServer(async (request, response) => {
    try {
      if (request.url?.startsWith('/v1/models')) return json(200, { data: [] })(response, {} as Asked)
      const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: await bodyOf(request) }
      api.asked.push(asked)
      await (api.answers.shift() ?? api.usual)(response, asked)
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api: MessagesApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answers: [],
    usual,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return api
}
