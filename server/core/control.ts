import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import superjson from 'superjson'
import { z } from 'zod'
import { AppError, errorCodes, type PublicError, publicError } from './errors.ts'
import { projectRoot, socketPath } from './paths.ts'
import { listenOn, readJson, sendJson, type UnixAnswer, unixRequest } from './unix-http.ts'

/** What a running server says of itself. */
export const serverStatusSchema = z.object({
  pid: z.number().int(),
  /** Where browsers reach it. */
  url: z.string(),
  /** True once it serves pages. */
  ready: z.boolean(),
  /** The build it runs, as `buildVersion` names it. */
  version: z.string(),
  /** What whoever started it should know, in sentences: where something lies elsewhere than one would look for it. */
  notices: z.array(z.string()),
})
export type ServerStatus = z.infer<typeof serverStatusSchema>

/** What `main.ts` lends to the control socket. `call` runs a tRPC procedure on behalf of the operator. */
export interface Controlled {
  status(): ServerStatus
  stop(): void
  call(path: string, input: unknown): Promise<unknown>
}

const callSchema = z.object({ path: z.string().regex(/^[a-zA-Z.]{1,100}$/), input: z.unknown() })
const errorSchema = z.object({ error: z.object({ code: z.enum(errorCodes), message: z.string(), field: z.string().optional() }) })
const pidFile = (dataDir: string) => socketPath(dataDir, 'server.pid')
const controlPath = (dataDir: string) => socketPath(dataDir, 'control.sock')

/** Names what was built, so that a running server of another build is noticed. Read it once, at start: a later build overwrites it. */
export function buildVersion(): string {
  const stamp = join(projectRoot(), 'dist', 'pages.stamp')
  return existsSync(stamp) ? readFileSync(stamp, 'utf8').slice(0, 16) : 'development'
}

/** What is said of an input that a procedure did not take. */
function inputError({ issues: [issue] }: z.ZodError): PublicError {
  const field = issue?.path.join('.')
  return { code: 'BAD_REQUEST', message: issue?.message ?? 'The input cannot be used.', ...(field ? { field } : {}) }
}

async function answer(controlled: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.method} ${request.url}`
  try {
    if (route === 'GET /status') return sendJson(response, 200, controlled.status())
    if (route === 'POST /stop') {
      sendJson(response, 202, controlled.status())
      return controlled.stop()
    }
    if (route !== 'POST /call') throw new AppError('NOT_FOUND', 'There is no such call.')
    const { path, input } = callSchema.parse(superjson.deserialize((await readJson(request)) as never))
    sendJson(response, 200, superjson.serialize(await controlled.call(path, input)))
  } catch (error) {
    // A procedure's error comes wrapped in tRPC's own, with ours as its cause.
    const { cause, code } = error as { cause?: unknown; code?: unknown }
    // An output that its schema refuses is a fault of ours; only a refused input is told.
    const shown =
      cause instanceof z.ZodError && code === 'BAD_REQUEST' ? inputError(cause) : publicError(cause instanceof Error ? cause : error)
    sendJson(response, 400, { error: shown })
  }
}

/**
 * Opens the control socket of a data directory. Only its owner can connect; that is the authentication.
 * @throws Error with code EADDRINUSE where another server already runs on this data directory
 */
export async function openControl(dataDir: string, controlled: Controlled): Promise<Server> {
  const server = createServer((request, response) => void answer(controlled, request, response))
  await listenOn(server, controlPath(dataDir))
  writeFileSync(pidFile(dataDir), String(process.pid), { mode: 0o600 })
  server.on('close', () => rmSync(pidFile(dataDir), { force: true }))
  return server
}

async function ask(
  dataDir: string,
  options: { method?: string; path: string; body?: unknown; timeoutMs?: number },
): Promise<UnixAnswer | null> {
  try {
    return await unixRequest({ socketPath: controlPath(dataDir), maxBytes: 64 * 1024 * 1024, ...options })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET') return null
    throw error
  }
}

/** What the server of a data directory says of itself; null where none runs. */
export async function serverStatus(dataDir: string): Promise<ServerStatus | null> {
  const found = await ask(dataDir, { path: '/status' })
  return found && serverStatusSchema.parse(JSON.parse(found.text))
}

/** Asks the server of a data directory to end. False where none runs. */
export async function askToStop(dataDir: string): Promise<boolean> {
  return (await ask(dataDir, { method: 'POST', path: '/stop' })) !== null
}

/** The pid that the last server of a data directory wrote down, for one that no longer answers. */
export function recordedPid(dataDir: string): number | null {
  const file = pidFile(dataDir)
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || null : null
}

/**
 * Calls a procedure of the server of a data directory as the operator.
 * @throws AppError as the procedure threw it; UNAVAILABLE where no server runs
 */
export async function callServer(dataDir: string, path: string, input: unknown): Promise<unknown> {
  const found = await ask(dataDir, { method: 'POST', path: '/call', body: superjson.serialize({ path, input }), timeoutMs: 60_000 })
  if (!found) throw new AppError('UNAVAILABLE', 'The server does not run any more.')
  const body: unknown = JSON.parse(found.text)
  if (found.status === 200) return superjson.deserialize(body as never)
  const { code, message, field } = errorSchema.parse(body).error
  throw new AppError(code, message, field)
}
