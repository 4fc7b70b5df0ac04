import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { answer } from './answer.ts'
import { ApiError, errorBody } from './protocol/errors.ts'
import { type Faults, faultsOf } from './protocol/faults.ts'
import { modelNamed, modelPage } from './protocol/models.ts'
import { digest, inputTokens, toMessage, type WireMessage } from './protocol/reply.ts'
import { type MessageRequest, parseCount, parseRequest } from './protocol/request.ts'
import { eventsOf, sse } from './protocol/stream.ts'

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
}

/** Starts the rule-based stand-in for the Messages API on loopback. It keeps nothing between requests. */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const server = createServer((request, response) => {
    void serve(request, response, options)
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

async function serve(request: IncomingMessage, response: ServerResponse, options: DemoModelOptions): Promise<void> {
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
    const faults = faultsOf(request.headers, options.fault?.(wanted) ?? '')
    const message = toMessage(answer(wanted, faults), wanted, text)
    await (wanted.stream ? sendStream(response, message, faults, requestId) : sendMessage(response, message, faults, requestId))
  } catch (error) {
    fail(response, error, requestId)
  }
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

function send(response: ServerResponse, status: number, body: object, requestId: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': requestId, ...headers }).end(JSON.stringify(body))
}

/** Waits, but not for a client that has gone. */
async function pause(response: ServerResponse, ms: number): Promise<void> {
  if (ms === 0) return
  const gone = new AbortController()
  const leave = (): void => gone.abort()
  response.once('close', leave)
  await delay(ms, undefined, { signal: gone.signal }).catch(() => undefined)
  response.off('close', leave)
}

async function sendMessage(response: ServerResponse, message: WireMessage, faults: Faults, requestId: string): Promise<void> {
  await pause(response, faults.slowMs)
  if (faults.sseError) throw new ApiError('overloaded_error', 'Overloaded (fault control).')
  if (!faults.cut) return send(response, 200, message, requestId)
  const text = JSON.stringify(message)
  response.writeHead(200, { 'content-type': 'application/json', 'request-id': requestId, 'content-length': Buffer.byteLength(text) })
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy())
}

async function sendStream(response: ServerResponse, message: WireMessage, faults: Faults, requestId: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', 'request-id': requestId })
  for (const event of eventsOf(message)) {
    if (response.destroyed) return
    const room = response.write(sse(event))
    if (event.type === 'ping') await pause(response, faults.slowMs)
    if (event.type === 'content_block_delta' && (faults.cut || faults.sseError)) return breakOff(response, faults)
    if (!room && !response.destroyed) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}

function breakOff(response: ServerResponse, faults: Faults): void {
  if (faults.sseError) response.end(sse({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded (fault control).' } }))
  else response.socket?.end(() => response.destroy())
}
