import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer } from './answer.ts'
import { choreOf } from './chat/chores.ts'
import { standingOf } from './chat/conversation.ts'
import { ApiError, errorBody } from './protocol/errors.ts'
import { controlsIn, faultsOf } from './protocol/faults.ts'
import { modelNamed, modelPage } from './protocol/models.ts'
import { digest, endedAs, inputTokens, toMessage } from './protocol/reply.ts'
import { type MessageRequest, parseCount, parseRequest, systemOf } from './protocol/request.ts'
import { send, sendMessage, sendStream } from './protocol/sending.ts'
import { roleOf } from './roles/blocks.ts'

const maxBodyBytes = 32 * 1024 * 1024

export interface DemoModel {
  /** `http://127.0.0.1:<port>`, to be used as the API's base URL. */
  url: string
  /** Ends the server and every open answer. */
  stop(): Promise<void>
}

export interface DemoModelOptions {
  /** 0, the default, takes any free port. */
  port?: number
  /** Faults for requests that do not name their own, in the words of the `x-demo-fault` header; for tests. */
  fault?: (request: MessageRequest) => string | null
  /** Deltas a second of conversations, so that people see them being written; 0, the default, holds nothing back. */
  rate?: number
}

/** Starts the rule-based stand-in for the Messages API on loopback. It keeps nothing between requests but how often one with a fault came. */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const seen = new Map<string, number>()
  const server = createServer((request, response) => {
    void serve(request, response, options, seen)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: DemoModelOptions,
  seen: Map<string, number>,
): Promise<void> {
  let requestId = `req_${digest(`${request.method} ${request.url}`)}`
  try {
    authenticate(request)
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'GET') return send(response, 200, found(url), requestId)
    if (request.method !== 'POST' || !/^\/v1\/messages(?:\/count_tokens)?$/.test(url.pathname))
      throw new ApiError('not_found_error', 'Not found')
    const text = await readBody(request)
    requestId = `req_${digest(`${url.pathname} ${request.headers['x-stainless-retry-count'] ?? 0} ${text}`)}`
    if (url.pathname.endsWith('count_tokens'))
      return send(response, 200, { input_tokens: inputTokens(parseCount(parseJson(text))) }, requestId)
    const wanted = parseRequest(parseJson(text))
    const faults = faultsOf(request.headers, [options.fault?.(wanted), controlsOf(wanted)].filter(Boolean).join(','), () =>
      count(seen, text),
    )
    const parts = answer(wanted, faults)
    const message = endedAs(toMessage(parts, wanted, text), faults)
    const wordByWord = parts.some((part) => part.type === 'text' && part.words === true)
    const paced = { ...faults, rate: faults.rate || (isConversation(wanted) ? (options.rate ?? 0) : 0) }
    await (wanted.stream
      ? sendStream(response, message, paced, { requestId, wordByWord: wordByWord || faults.rate > 0 })
      : sendMessage(response, message, faults, requestId))
  } catch (error) {
    fail(response, error, requestId)
  }
}

const isConversation = (request: MessageRequest) => roleOf(request) === null && !request.output_config?.format && choreOf(request) === null

/** What the words of a conversation ask for; what an issue says to a crew is no control. */
function controlsOf(request: MessageRequest): string {
  return isConversation(request) ? controlsIn(`${systemOf(request)}\n${standingOf(request).asked}`) : ''
}

const mostSeen = 1_000

/** How often the same request came before; only of those that name a fault with `times`. */
function count(seen: Map<string, number>, text: string): number {
  const key = digest(text)
  const before = seen.get(key) ?? 0
  seen.delete(key)
  seen.set(key, before + 1)
  if (seen.size > mostSeen) seen.delete(seen.keys().next().value as string)
  return before
}

function fail(response: ServerResponse, error: unknown, requestId: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const known = error instanceof ApiError ? error : new ApiError('api_error', 'The demo model failed on this request.')
  // A body that was refused unread must not be taken for the next request.
  const headers = known.status === 413 ? { ...known.headers, connection: 'close' } : known.headers
  send(response, known.status, errorBody(known.type, known.message, requestId), requestId, headers)
}

function authenticate({ headers }: IncomingMessage): void {
  const bearer = /^Bearer\s+\S+/i.test(headers.authorization ?? '')
  if (!bearer && !headers['x-api-key']) throw new ApiError('authentication_error', 'x-api-key header is required')
}

/** The routes that are read with GET. */
function found(url: URL): object {
  if (url.pathname === '/v1/models') return modelPage(url.searchParams)
  const id = /^\/v1\/models\/([^/]+)$/.exec(url.pathname)?.[1]
  if (!id) throw new ApiError('not_found_error', 'Not found')
  const model = modelNamed(id)
  if (!model) throw new ApiError('not_found_error', `model: ${id.slice(0, 100)}`)
  return model
}

async function readBody(request: IncomingMessage): Promise<string> {
  const tooLarge = new ApiError('request_too_large', 'Request exceeds the maximum size of 32 MB')
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('invalid_request_error', 'The request body is not valid JSON')
  }
}
