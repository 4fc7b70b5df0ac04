import { chmodSync, rmSync } from 'node:fs'
import { type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'

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

/**
 * Listens on a Unix socket for its owner alone. A socket that a dead process left behind is replaced.
 * @throws Error with code EADDRINUSE where a living process answers on it
 */
export async function listenOn(server: Server, path: string): Promise<void> {
  if (await answersOn(path)) throw Object.assign(new Error(`${path} is in use`), { code: 'EADDRINUSE' })
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      chmodSync(path, 0o600)
      resolve()
    })
  })
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
    const call = request({ socketPath, method, path, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (answer) => {
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
