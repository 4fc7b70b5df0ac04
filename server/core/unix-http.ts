import { chmodSync, closeSync, constants, fstatSync, linkSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'

/** Linux opens what a path names without using it; Node has no name for that. */
const openPathOnly = 0o10_000_000

/** Leads to no socket, whatever lies at the path: whoever connects hears why. */
const nowhere = (path: string) => connect(`${path}/`)

/**
 * Connects to a Unix socket that lies in a folder which a sandbox may write. What runs there may set a link in its place, and the kernel would
 * follow it to any socket of this machine, the server's own control among them: so the very thing that was looked at is connected to.
 */
export function connectPlain(path: string): Socket {
  if (process.platform !== 'linux') return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ? connect(path) : nowhere(path)
  let descriptor: number
  try {
    descriptor = openSync(path, openPathOnly | constants.O_NOFOLLOW)
  } catch {
    return nowhere(path)
  }
  try {
    // The call is made before this returns.
    return fstatSync(descriptor).isSocket() ? connect(`/proc/self/fd/${descriptor}`) : nowhere(path)
  } finally {
    closeSync(descriptor)
  }
}

/** Whether somebody accepts connections on a Unix socket. */
export function answersOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

const inUse = (path: string) => Object.assign(new Error(`${path} is in use`), { code: 'EADDRINUSE' })

let counter = 0
/** A short name beside a socket: the kernel's bound on its path holds for this one, too. */
const beside = (path: string) => join(dirname(path), `${process.pid}-${++counter}`)

/** Takes a dead process's socket away. Of several that try at once, none may take away what another has just put there. */
async function removeDead(path: string): Promise<void> {
  const aside = beside(path)
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const alive = await answersOn(aside)
  if (alive) linkSync(aside, path)
  rmSync(aside, { force: true })
  if (alive) throw inUse(path)
}

/**
 * Listens on a Unix socket for its owner alone. The socket is made beside its place and linked there, which only one process can do; one
 * that a dead process left behind is replaced.
 * @throws Error with code EADDRINUSE where a living process answers on it
 */
export async function listenOn(server: Server, path: string): Promise<void> {
  const draft = beside(path)
  if (await answersOn(path)) throw inUse(path)
  await removeDead(path)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(draft, () => {
      server.off('error', reject)
      resolve()
    })
  })
  try {
    chmodSync(draft, 0o600)
    linkSync(draft, path)
  } catch (error) {
    server.close()
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? inUse(path) : error
  } finally {
    rmSync(draft, { force: true })
  }
  server.on('close', () => rmSync(path, { force: true }))
}

export interface UnixAnswer {
  status: number
  headers: IncomingMessage['headers']
  text: string
}

/**
 * One HTTP request over a Unix socket; the answer's body is read whole, up to `maxBytes`.
 * @throws Error where nobody answers, or not within `timeoutMs`
 */
export function unixRequest(options: {
  socketPath: string
  method?: string
  path: string
  body?: unknown
  timeoutMs?: number
  maxBytes?: number
}): Promise<UnixAnswer> {
  const { socketPath, method = 'GET', path, body, timeoutMs = 5_000, maxBytes = 1024 * 1024 } = options
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      host: 'localhost',
      ...(payload ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) } : {}),
    }
    const signal = AbortSignal.timeout(timeoutMs)
    const call = request({ method, path, headers, createConnection: () => connectPlain(socketPath), signal }, (answer) => {
      const chunks: Buffer[] = []
      let size = 0
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxBytes) call.destroy(new Error('the answer is too long'))
        else chunks.push(chunk)
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }))
    })
    call.on('error', reject)
    call.end(payload)
  })
}

/** Reads a request's JSON body; an empty one is `{}`. @throws Error where it is no JSON or longer than `maxBytes` */
export async function readJson(request: IncomingMessage, maxBytes = 2 * 1024 * 1024): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new Error('the request is too long')
    chunks.push(chunk)
  }
  return size === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
