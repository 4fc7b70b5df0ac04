import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { APIError } from '@anthropic-ai/sdk'
import { z } from 'zod'
import { type ModelClient, modelClient, type Notice } from '@/server/ai/service.ts'
import { env } from '@/server/core/env.ts'
import { logger } from '@/server/core/logger.ts'
import { socketPath } from '@/server/core/paths.ts'
import { answersOn, listenOn } from '@/server/core/unix-http.ts'
import { type EngineRun, RunStop } from '../engines/types.ts'
import { parametersOf } from '../rules.ts'

const mostBytes = 32 * 1024 * 1024
const paths = /^\/v1\/messages(\/count_tokens)?(?:\?[^#]*)?$/
/** What of a request's headers the API reads; credentials are not among them. */
const passedOn = /^anthropic-(?:version|beta)$/
const passedBack = /^(?:content-type|request-id|retry-after(?:-ms)?|x-should-retry)$/

const requestSchema = z.looseObject({
  model: z.string(),
  max_tokens: z.int().optional(),
  temperature: z.unknown().optional(),
  thinking: z.unknown().optional(),
  output_config: z.looseObject({ effort: z.string().optional() }).optional(),
  messages: z.array(z.unknown()),
  tools: z.array(z.unknown()).optional(),
})

/** The name of a run's socket; like all of them it lies in the data directory, where what a killed process left is found. */
const socketOf = (name: string) => socketPath(env().MAESTRO_DATA_DIR, `run-${name}.model`)

/** Requests of one run that are answered at once; each may hold as much memory as a request may have. */
const atOnce = 6

/** Whether a message names an address or a store of the API's own: what lies there would be fetched from outside of the sandbox. */
const leadsOut = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null || depth > 8) return false
  if (Array.isArray(value)) return value.some((one) => leadsOut(one, depth + 1))
  const { source, content } = value as { source?: { type?: unknown; content?: unknown } | null; content?: unknown }
  return source?.type === 'url' || source?.type === 'file' || leadsOut(content, depth + 1) || leadsOut(source?.content, depth + 1)
}

/** Tools that the program itself carries out. Those of the API's own search and fetch pages where no rule of ours reaches. */
const isOwnTool = (tool: unknown): boolean => {
  const { type } = (tool ?? {}) as { type?: unknown }
  return type === undefined || type === null || type === 'custom'
}

/** The way to the model for one run, and for nobody else. */
export interface Gateway {
  /** The Unix socket that it listens on. */
  path: string
  /** What a request must carry. */
  token: string
  /** What went wrong with the last request; null where it was answered. */
  failure(): unknown
  close(): Promise<void>
}

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message)
  }
}

function authorize({ headers }: IncomingMessage, token: string): void {
  const given = headers.authorization?.replace(/^Bearer\s+/i, '') ?? headers['x-api-key']
  const [mine, theirs] = [Buffer.from(token), Buffer.from(String(given ?? ''))]
  if (mine.length !== theirs.length || !timingSafeEqual(mine, theirs))
    throw new Refused(401, 'authentication_error', 'This is not your run.')
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new Refused(413, 'request_too_large', 'The request is too large.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refused(400, 'invalid_request_error', 'The request is no JSON.')
  }
}

/** The program's request in the agent's own terms: its model, its thinking and effort, and only what that model takes. */
function fitted(given: unknown, { config }: EngineRun): Record<string, unknown> {
  const parsed = requestSchema.safeParse(given)
  if (!parsed.success) throw new Refused(400, 'invalid_request_error', 'The request is none that the Messages API takes.')
  const { temperature: _, thinking: __, output_config, max_tokens: asked, tools, ...more } = parsed.data
  const { mcp_servers: _servers, container: _container, ...rest } = more
  if (leadsOut(rest.messages)) throw new Refused(400, 'invalid_request_error', 'Nothing is fetched from elsewhere.')
  const { effort: ___, ...output } = output_config ?? {}
  const own = parametersOf({ ...config, maxTokens: Math.max(1, asked ?? config.maxTokens) })
  const { max_tokens, output_config: tries, ...parameters } = own
  const all = { ...output, ...tries }
  return {
    ...rest,
    ...(tools ? { tools: tools.filter(isOwnTool) } : {}),
    ...parameters,
    ...(asked === undefined ? {} : { max_tokens }),
    ...(Object.keys(all).length > 0 ? { output_config: all } : {}),
  }
}

const headersFrom = (headers: Headers) => Object.fromEntries([...headers].filter(([name]) => passedBack.test(name)))

/** Asks the model and hands back what it answers, as it comes. Gives the error where that is one. */
async function forward(
  client: ModelClient,
  path: string,
  body: object,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (passedOn.test(name) && typeof value === 'string' ? [[name, value]] : [])),
  )
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    const answer = await client
      .post(path, { body, headers, signal: gone.signal, stream: 'stream' in body && body.stream === true })
      .asResponse()
    response.writeHead(answer.status, headersFrom(answer.headers))
    if (answer.body) await pipeline(Readable.fromWeb(answer.body as never), response)
    else response.end()
    return null
  } catch (error) {
    if (!(error instanceof APIError) || error.status === undefined) throw error
    if (response.headersSent) throw error
    // What was asked again here need not be asked again there.
    response.writeHead(error.status, {
      ...headersFrom(error.headers ?? new Headers()),
      'content-type': 'application/json',
      'x-should-retry': 'false',
    })
    response.end(JSON.stringify(error.error ?? { type: 'error', error: { type: 'api_error', message: 'No answer.' } }))
    return error
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  const known = error instanceof Refused ? error : new Refused(502, 'api_error', 'The model is not reached.')
  const body = { type: 'error', error: { type: known.type, message: known.message } }
  response.writeHead(known.status, { 'content-type': 'application/json', 'x-should-retry': 'false', connection: 'close' })
  response.end(JSON.stringify(body))
}

/** At start: removes the sockets of runs whose process was killed; one that answers is another process's. */
export async function sweepGateways(): Promise<void> {
  const folder = dirname(socketOf('0'))
  for (const name of (await readdir(folder)).filter((one) => /^run-[0-9a-f]{12}\.model$/.test(one)))
    if (!(await answersOn(join(folder, name)))) await rm(join(folder, name), { force: true })
}

/**
 * Opens the one way by which a program without network reaches the model: a Unix socket that takes Messages API requests with this run's
 * token and nothing else. They leave like every other call: looked through, counted, sealed.
 */
export async function openGateway(run: EngineRun, notify: (notice: Notice) => void, answered: () => void): Promise<Gateway> {
  const { spaceId, actorId, sessionId } = run
  const token = randomBytes(32).toString('base64url')
  const client = modelClient(spaceId, { name: 'claude-code', actorId, sessionId, notify })
  let failure: unknown = null
  let open = 0
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    authorize(request, token)
    const path = request.method === 'POST' && paths.test(request.url ?? '') ? (request.url ?? '').split('?')[0] : undefined
    if (!path) throw new Refused(404, 'not_found_error', 'There is nothing else here than the Messages API.')
    if (open > atOnce) throw new Refused(429, 'rate_limit_error', 'Too many requests at once.')
    const body = fitted(await bodyOf(request), run)
    await run.checkQuota().catch((error: unknown) => {
      if (!(error instanceof RunStop)) throw error
      failure = error
      throw new Refused(403, 'permission_error', 'The quota is used up.')
    })
    failure = await forward(client, path, body, request, response)
    if (failure === null) answered()
  }
  const server = createServer((request, response) => {
    open++
    serve(request, response)
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) failure = error
        if (!(error instanceof Refused) && !run.signal.aborted)
          logger.info({ err: error, runId: run.runId }, 'a request of Claude Code failed')
        refuse(response, error)
      })
      .finally(() => {
        open--
      })
  })
  const path = socketOf(randomBytes(6).toString('hex'))
  await listenOn(server, path)
  return {
    path,
    token,
    failure: () => failure,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
