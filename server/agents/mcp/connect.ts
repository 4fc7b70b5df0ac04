import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport, SseError } from '@modelcontextprotocol/sdk/client/sse.js'
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { type AppError, isAppError } from '@/server/core/errors.ts'
import { outboundFetch } from '@/server/core/outbound.ts'
import type { McpServer } from '../schema.ts'
import { type Meter, makeMeter } from './meter.ts'
import { SandboxTransport } from './stdio.ts'
import { type McpPlace, mcpBounds, mcpProblem } from './types.ts'

/** A server that has said hello. */
export interface Connection {
  client: Client
  meter: Meter
  close(): Promise<void>
}

type Remote = Extract<McpServer, { type: 'http' }>

/** Ends with whichever comes first: the work, its time, or the signal. */
async function within<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  const timeout = AbortSignal.any([AbortSignal.timeout(ms), signal])
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.aborted ? signal.reason : mcpProblem('The server takes too long to answer.', 'mcpSlow'))
    timeout.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => timeout.removeEventListener('abort', stop))
    if (timeout.aborted) stop()
  })
}

async function hello(transport: Transport, meter: Meter, { signal, startMs = mcpBounds.startMs }: McpPlace): Promise<Connection> {
  // It is offered nothing: no model of ours to ask, no folders to look at, nobody to put questions to.
  const client = new Client({ name: 'maestro', version: '1.0.0' }, { capabilities: {} })
  const close = async () => {
    await client.close().catch(() => undefined)
    await transport.close().catch(() => undefined)
  }
  client.onerror = () => undefined
  meter.signal.addEventListener('abort', () => void close(), { once: true })
  // The client hears of each after this.
  transport.onmessage = () => meter.message()
  try {
    await within(client.connect(transport, { timeout: startMs, maxTotalTimeout: startMs, signal }), startMs, signal)
    return { client, meter, close }
  } catch (error) {
    await close()
    throw meter.signal.aborted ? meter.signal.reason : error
  }
}

/** The first refusal on the way out says more than what the protocol's client makes of it. */
function remembering(place: McpPlace) {
  let refusal: AppError | null = null
  const meter = makeMeter()
  const call = outboundFetch({
    allowLoopback: place.allowLoopback === true,
    maxBytes: mcpBounds.saidBytes,
    timeoutMs: mcpBounds.connectionMs,
    onBytes: meter.bytes,
  })
  const fetch: FetchLike = async (url, init) => {
    try {
      meter.request()
      const { method, headers, body, signal } = init ?? {}
      const given = { ...(method && { method }), ...(headers && { headers }), ...(body && { body }) }
      return await call(url, { ...given, signal: AbortSignal.any([meter.signal, place.signal, ...(signal ? [signal] : [])]) })
    } catch (error) {
      if (isAppError(error)) refusal ??= error
      throw error
    }
  }
  return { fetch, meter, refusal: () => refusal }
}

const codeOf = (error: unknown): number | undefined =>
  error instanceof StreamableHTTPError || error instanceof SseError ? error.code : undefined

function headersOf({ headers }: Remote): Headers {
  try {
    return new Headers(headers.map(({ name, value }): [string, string] => [name, value]))
  } catch (error) {
    throw mcpProblem('A header has characters that no header may have.', 'mcpHeader', {}, error)
  }
}

async function openRemote(server: Remote, place: McpPlace): Promise<Connection> {
  const { fetch, meter, refusal } = remembering(place)
  const url = new URL(server.url)
  const options = { fetch, requestInit: { headers: headersOf(server) } }
  try {
    return await hello(new StreamableHTTPClientTransport(url, options) as Transport, meter, place)
  } catch (error) {
    const code = codeOf(error)
    // Servers of the protocol's first version know no such request.
    if (refusal() || code === undefined || ![400, 404, 405, 406, 415].includes(code)) throw refusal() ?? error
  }
  try {
    return await hello(new SSEClientTransport(url, options), meter, place)
  } catch (error) {
    throw refusal() ?? error
  }
}

/** A program that says nothing mostly waits for what it cannot download. */
const silence = (said: string, error: unknown): AppError =>
  said
    ? mcpProblem(`The program does not answer; there is no network in its sandbox. It said: ${said}`, 'mcpSilentWith', { said }, error)
    : mcpProblem('The program does not answer; there is no network in its sandbox.', 'mcpSilent', {}, error)

async function openProgram(server: Extract<McpServer, { type: 'stdio' }>, place: McpPlace): Promise<Connection> {
  const transport = new SandboxTransport(server, place)
  try {
    return await hello(transport, transport.meter, place)
  } catch (error) {
    const closed = error instanceof McpError && error.code === ErrorCode.ConnectionClosed
    const said = transport.complaint()
    if (problemOf(error).key === 'mcpSlow') throw silence(said, error)
    if (!closed) throw error
    if (!said) throw mcpProblem('The program ended before it was ready.', 'mcpEnded', {}, error)
    throw mcpProblem(`The program ended before it was ready: ${said}`, 'mcpEndedWith', { said }, error)
  }
}

/** Why a server cannot be used, in words. */
export function problemOf(error: unknown): AppError {
  if (isAppError(error)) return error
  const code = codeOf(error)
  if (code === 401 || code === 403)
    return mcpProblem(`The server lets nobody in with these headers (${code}).`, 'mcpUnauthorized', { status: code }, error)
  if (code !== undefined && code >= 400) return mcpProblem(`The server answered with status ${code}.`, 'mcpStatus', { status: code }, error)
  if (error instanceof McpError && error.code === ErrorCode.RequestTimeout)
    return mcpProblem('The server takes too long to answer.', 'mcpSlow', {}, error)
  if (error instanceof McpError && error.code === ErrorCode.ConnectionClosed)
    return mcpProblem('The server ended the connection.', 'mcpClosed', {}, error)
  return mcpProblem('What answers there does not speak MCP.', 'mcpNone', {}, error)
}

/** Opens one server. @throws AppError in words where it cannot be used, or the signal's reason */
export async function connect(server: McpServer, place: McpPlace): Promise<Connection> {
  try {
    return server.type === 'stdio' ? await openProgram(server, place) : await openRemote(server, place)
  } catch (error) {
    place.signal.throwIfAborted()
    throw problemOf(error)
  }
}
