import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorCode } from './errors.ts'
import { decideHost, type HostRules, originAllowed, readablePath } from './http.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => void
type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Who stands behind the front: Maestro itself, and the services by name. */
export interface Doors {
  rules: HostRules
  /** Origins whose pages may change something in Maestro. */
  origins: readonly string[]
  maestro: { request: Handle; upgrade: Upgrade }
  service: {
    web(slug: string, request: IncomingMessage, response: ServerResponse): void
    upgrade(slug: string, request: IncomingMessage, socket: Duplex, head: Buffer): void
  }
}

/** No request to Maestro itself is longer: the largest carry a file of half a megabyte, or what a background run remembers. */
const maxBodyBytes = 8 * 1024 * 1024
/** Maestro's pages stand in nobody's frame, and tell other sites nothing of the address they were left from. */
const pageHeaders = {
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}
const refusals: Partial<Record<number, ErrorCode>> = { 400: 'BAD_REQUEST', 403: 'FORBIDDEN', 413: 'TOO_LARGE', 421: 'NOT_FOUND' }

function refuse(response: ServerResponse, status: number, message: string): void {
  // The rest of a refused request must not be taken for the next one on this connection.
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', connection: 'close' })
  response.end(JSON.stringify({ success: false, error_code: refusals[status], message, details: null }))
}

/** Cuts off a body that does not say its length once it is too long; one that does was looked at before. */
function boundBody(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] === undefined) return
  let bytes = 0
  const push = request.push.bind(request)
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    bytes += chunk?.length ?? 0
    if (bytes <= maxBodyBytes) return push(chunk, encoding)
    request.destroy()
    return false
  }
}

function toMaestro(doors: Doors, request: IncomingMessage, response: ServerResponse): void {
  if (!originAllowed(originOf(request), doors.origins)) refuse(response, 403, 'This was asked by a page of another origin.')
  else if (!readablePath(request.url ?? '')) refuse(response, 400, 'This is no address of this server.')
  else if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) refuse(response, 413, 'This request is too long.')
  else {
    boundBody(request)
    for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value)
    doors.maestro.request(request, response)
  }
}

function originOf({ method, headers }: IncomingMessage) {
  const site = headers['sec-fetch-site']
  return { method, origin: headers.origin, referer: headers.referer, fetchSite: typeof site === 'string' ? site : undefined }
}

function answer(doors: Doors, request: IncomingMessage, response: ServerResponse): void {
  const decision = decideHost(request.headers.host, doors.rules)
  // A target that names a host speaks of another server than the Host header that decides.
  if (!request.url?.startsWith('/')) refuse(response, 400, 'This is no address of this server.')
  else if (decision.to === 'service') doors.service.web(decision.slug, request, response)
  else if (decision.to === 'nobody') refuse(response, 421, 'This server does not answer under this name.')
  else toMaestro(doors, request, response)
}

function upgrade(doors: Doors, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const end = (line: string) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
  // A browser that goes away in the middle of a handshake is no error of ours.
  socket.on('error', () => undefined)
  const decision = decideHost(request.headers.host, doors.rules)
  if (!request.url?.startsWith('/')) end('400 Bad Request')
  else if (decision.to === 'service') doors.service.upgrade(decision.slug, request, socket, head)
  else if (decision.to === 'nobody') end('421 Misdirected Request')
  else if (originAllowed(originOf(request), doors.origins, true)) doors.maestro.upgrade(request, socket, head)
  else end('403 Forbidden')
}

/**
 * Reads a request anew without its wish for another protocol. Programs offer HTTP/2 with any request and expect an answer in plain HTTP
 * where it is declined, but Node hands over every request that offers something.
 */
function declineUpgrade(server: Server, { method, url, httpVersion, rawHeaders }: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (!/^(connection|upgrade|http2-settings)$/i.test(name)) lines.push(`${name}: ${rawHeaders[at + 1]}`)
  }
  // Each reading leaves listeners on the connection, so it carries one such request.
  lines.push('Connection: close')
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}

export interface Front {
  server: Server
  /** Takes no new connections, lets what is being answered finish for `drainMs`, and ends upgraded connections at once: they come back. */
  close(drainMs: number): Promise<void>
}

/**
 * The one HTTP server: it looks at Host first, then at Origin, before anybody else sees a request or an upgrade. Requests that come while `doors` is
 * still pending wait for it.
 */
export function makeFront(doors: Promise<Doors>): Front {
  const upgraded = new Set<Duplex>()
  const server = createServer((request, response) => {
    doors.then((open) => answer(open, request, response)).catch(() => response.destroy())
  })
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      declineUpgrade(server, request, socket, head)
      return
    }
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    doors.then((open) => upgrade(open, request, socket, head)).catch(() => socket.destroy())
  })
  // A body may take as long as it takes, to a service above all; the headers may not.
  server.requestTimeout = 0
  server.headersTimeout = 30_000
  const close = async (drainMs: number) => {
    const timer = setTimeout(() => server.closeAllConnections(), drainMs)
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of upgraded) socket.destroy()
    server.closeIdleConnections()
    await closed
    clearTimeout(timer)
  }
  return { server, close }
}
