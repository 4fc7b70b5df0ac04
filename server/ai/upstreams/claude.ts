import { addAbortSignal, type Readable } from 'node:stream'
import Anthropic from '@anthropic-ai/sdk'
import type { Clock } from '@/server/core/clock.ts'
import { EnvelopeRefusal, type InnerRequest } from '../envelope/types.ts'
import type { Claude, ClaudeAnswer, Waiting } from './types.ts'
import { openWire, type Wire } from './wire.ts'

/** Until the first word of an answer; a document of many thousand tokens takes minutes. */
const timeoutMs = 10 * 60_000
const probeTimeoutMs = 1_500
const firstWaitMs = 500
const longestWaitMs = 8_000

/** What of a caller's headers reaches the API. Credentials, addresses and what is about the connection do not. */
const passedOn = /^(anthropic-[a-z-]+|x-stainless-[a-z-]+|accept|content-type|user-agent|idempotency-key)$/
/** What of the API's headers is about its connection to us, or about nobody else. */
const keptBack =
  /^(connection|keep-alive|transfer-encoding|content-length|content-encoding|upgrade|trailer|te|set-cookie|alt-svc|proxy-.*)$/

function headersFor(request: InnerRequest): Record<string, string> {
  const passed = Object.entries(request.headers).filter(([name]) => passedOn.test(name.toLowerCase()))
  try {
    return { 'content-type': 'application/json', ...Object.fromEntries(new Headers(passed)) }
  } catch {
    throw new EnvelopeRefusal('malformed')
  }
}

/** Carries an answer that is no success past the SDK, which would read it and make an error of it. */
class NoSuccess extends Error {
  constructor(readonly response: Response) {
    super(`The Messages API answered ${response.status}.`)
  }
}

const unreachable = () => {
  const error = { type: 'api_error', message: 'The AI server does not reach the Messages API.' }
  return Response.json({ type: 'error', error }, { status: 502 })
}

function isWorthRetrying({ status, headers }: Response): boolean {
  const said = headers.get('x-should-retry')
  if (said === 'true' || said === 'false') return said === 'true'
  return status === 429 || status >= 500
}

/** The wait that an answer asks for; else twice as long as the time before, a little less by chance. */
function waitAfter(headers: Headers, attempt: number, clock: Clock): number {
  const seconds = headers.get('retry-after') ?? ''
  const dated = Date.parse(seconds) - clock.now()
  const said = [Number.parseFloat(headers.get('retry-after-ms') ?? ''), Number.parseFloat(seconds) * 1_000, dated]
  const given = said.find((ms) => Number.isFinite(ms) && ms >= 0)
  return Math.ceil(given ?? Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs) * (1 - clock.random() / 4))
}

interface Attempt {
  response: Response
  body: Readable | null
}

type Middleware = Anthropic['middleware'][number]
const unread: Middleware = async (request, next) => {
  const response = await next(request)
  if (!response.ok) throw new NoSuccess(response)
  return response
}

/** Waits for an answer's head, whatever its status, and leaves its body to be read. */
async function headOf(asked: { asResponse(): Promise<Response> }): Promise<Response> {
  try {
    return await asked.asResponse()
  } catch (error) {
    if (error instanceof NoSuccess) return error.response
    throw error
  }
}

/** Asks once. @throws what the signal says, where it fired */
async function ask(client: Anthropic, wire: Wire, request: InnerRequest, signal: AbortSignal): Promise<Attempt> {
  const headers = headersFor(request)
  try {
    const response = await headOf(client.post(request.path, { body: request.body, headers, signal, middleware: [unread] }))
    return { response, body: addAbortSignal(signal, wire.bodyOf(response)) }
  } catch {
    signal.throwIfAborted()
    return { response: unreachable(), body: null }
  }
}

async function* bytesOf({ response, body }: Attempt): AsyncGenerator<Buffer> {
  if (!body) yield Buffer.from(await response.arrayBuffer())
  else for await (const chunk of body) yield chunk as Buffer
}

function answerOf(attempt: Attempt, retried: boolean): ClaudeAnswer {
  const { status, headers } = attempt.response
  const passed = Object.fromEntries([...headers].filter(([name]) => !keptBack.test(name)))
  // Whoever asked need not do once more what was done here.
  const given = retried && status >= 400 ? { ...passed, 'x-should-retry': 'false' } : passed
  return { status, headers: given, bytes: bytesOf(attempt) }
}

export interface ClaudeOptions {
  baseUrl: string
  apiKey: string
  clock: Clock
  /** How often one request is asked again, and how long all its waiting may take. */
  retries: number
  waitingMs: number
}

/** The Messages API by its own SDK. What is sent and what is answered pass as they are; being busy is waited out here. */
export function openClaude({ baseUrl, apiKey, clock, retries, waitingMs }: ClaudeOptions): Claude {
  const wire = openWire()
  // The SDK would write requests to the console, or hand them to tracing, where the environment asks for it: here nothing does.
  const client = new Anthropic({
    ...{ baseURL: baseUrl, apiKey, fetch: wire.fetch, maxRetries: 0, timeout: timeoutMs },
    ...{ logLevel: 'off', openTelemetry: false },
  })

  async function patiently(request: InnerRequest, signal: AbortSignal, tell: Waiting): Promise<ClaudeAnswer> {
    for (let attempt = 1, left = waitingMs; ; attempt++) {
      const made = await ask(client, wire, request, signal)
      const { status, headers } = made.response
      if (!isWorthRetrying(made.response)) return answerOf(made, false)
      const waitMs = waitAfter(headers, attempt, clock)
      if (attempt > retries || waitMs > left) return answerOf(made, attempt > 1)
      left -= waitMs
      made.body?.resume()
      await tell({ status, waitMs, attempt })
      await clock.sleep(waitMs, signal)
    }
  }

  return {
    ask: patiently,
    async probe() {
      const options = { timeout: probeTimeoutMs, query: { limit: 1 }, middleware: [unread] }
      const response = await headOf(client.get('/v1/models', options))
      wire.bodyOf(response).resume()
      return { ok: response.ok, status: response.status }
    },
    close: () => wire.close(),
  }
}
