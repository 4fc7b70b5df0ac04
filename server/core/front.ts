import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { addressKey, makeArrivals, nameArrival, type Welcome } from './address.ts'
import { hasBody, holdBody, type RefusalStatus, refuse } from './bodies.ts'
import { type Env, serviceUrl, trustedProxies } from './env.ts'
import { decideHost, type HostDecision, type HostRules, originAllowed, readablePath } from './http.ts'
import { askForHttps, makeDress } from './page-headers.ts'
import { makeRoom } from './room.ts'
import { followPair, readPair, secureOptions, type TlsFiles, tlsFiles } from './tls.ts'

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

/** How this server is reached. */
export interface Approach {
  /** Its own certificate; plain HTTP without. */
  tls?: TlsFiles | null
  /** Addresses and networks whose X-Forwarded-* headers are believed. */
  proxies?: readonly string[]
  /** The development server's pages may do what others may not. */
  development?: boolean
  /** Where a conversation's page may show apps from, as its policy names it. */
  previews?: string | null
}

type Refusal = { to: 'refusal'; status: RefusalStatus; message: string }

const refusal = (status: RefusalStatus, message: string): Refusal => ({ to: 'refusal', status, message })
/** No request to Maestro itself is longer: the largest carry a file of half a megabyte, or what a background run remembers. */
const bodyBounds = { maxBytes: 8 * 1024 * 1024, maxMs: 120_000 }
/** But for files that are handed in to a conversation or an agent. */
const uploadPath = /^\/api\/(chats|agents|documents|files)\/[^?]*\/?(attachments|documents|uploads|file)(\?|$)/
const uploadBytes = 24 * 1024 * 1024
/** Bodies wait here until they are whole, and whoever sends them slowly need not even sign in. */
const bodyRoom = { all: 256 * 1024 * 1024, each: 64 * 1024 * 1024, small: 64 * 1024 }
const unreadable = refusal(400, 'This is no address of this server.')
const foreign = refusal(403, 'This was asked by a page of another origin.')
const plain = refusal(403, 'This server is reached over HTTPS alone.')
const bodyTroubles = {
  long: refusal(413, 'This request is too long.'),
  slow: refusal(408, 'This request took too long to arrive.'),
  crowded: refusal(503, 'Too much is being sent to this server at once: try again in a moment.'),
}

type Direction = ({ to: 'maestro' } | { to: 'service'; slug: string }) & { arrival: Welcome }

/** How a server of this environment is reached. */
export const approachOf = (from: Env): Approach => ({
  tls: tlsFiles(from),
  proxies: trustedProxies(from),
  development: from.NODE_ENV === 'development',
  previews: serviceUrl('*', from),
})

/** Decides who answers: by the way a request came, then by its Host. From then on its headers say of that way only what this server found out. */
function makeSignpost(rules: HostRules, arrivalOf: ReturnType<typeof makeArrivals>) {
  const hostOf = (request: IncomingMessage, asked: string | undefined): HostDecision => {
    const decision = decideHost(request.headers.host, rules)
    if (decision.to !== 'nobody' || asked === undefined) return decision
    // Some proxies put their own name into Host, and the one they were asked for beside it.
    request.headers.host = asked
    return decideHost(asked, rules)
  }
  return (request: IncomingMessage): Direction | Refusal | { to: 'https' } => {
    // A target that names a host speaks of another server than the Host header that decides.
    if (!request.url?.startsWith('/')) return unreadable
    const arrival = arrivalOf(request)
    if (arrival.kind === 'refused') return refusal(403, arrival.message)
    const decision = hostOf(request, arrival.asked)
    if (decision.to === 'nobody') return refusal(421, 'This server does not answer under this name.')
    if (arrival.kind === 'plain') return { to: 'https' }
    nameArrival(request, arrival)
    return { ...decision, arrival }
  }
}

function originOf({ method, headers }: IncomingMessage) {
  const site = headers['sec-fetch-site']
  return { method, origin: headers.origin, referer: headers.referer, fetchSite: typeof site === 'string' ? site : undefined }
}

/** Sends a browser that spoke plain HTTP to the proxy on; what somebody else has already sent in the open is not taken. */
function toSecure(request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request
  if (method !== 'GET' && method !== 'HEAD') refuse(request, response, plain)
  else response.writeHead(308, { location: `https://${headers.host}${url}`, 'content-length': 0 }).end()
}

/** Makes what answers requests and upgrades once the doors are open. */
function makeDesk(doors: Doors, approach: Approach) {
  const directionOf = makeSignpost(doors.rules, makeArrivals(approach.proxies ?? []))
  const dress = makeDress(approach)
  const room = makeRoom(bodyRoom)
  const toMaestro = (request: IncomingMessage, response: ServerResponse, arrival: Welcome) => {
    const enter = () => {
      // Tokens are for programs, and those call the API. A browser sends this header by itself where a proxy asks for a password.
      if (!request.url?.startsWith('/api/')) delete request.headers.authorization
      dress(request, response, arrival)
      doors.maestro.request(request, response)
    }
    if (!originAllowed(originOf(request), doors.origins)) refuse(request, response, foreign)
    else if (!readablePath(request.url ?? '')) refuse(request, response, unreadable)
    else if (!hasBody(request)) enter()
    else {
      const longer = uploadPath.test(request.url ?? '') ? { maxBytes: uploadBytes } : {}
      const bounds = { ...bodyBounds, ...longer, place: room(addressKey(arrival.address)) }
      holdBody(request, bounds, (trouble) => (trouble ? refuse(request, response, bodyTroubles[trouble]) : enter()))
    }
  }
  return {
    answer(request: IncomingMessage, response: ServerResponse) {
      const direction = directionOf(request)
      if (direction.to === 'refusal') return refuse(request, response, direction)
      if (direction.to === 'https') return toSecure(request, response)
      askForHttps(request, response, direction.arrival)
      if (direction.to === 'service') doors.service.web(direction.slug, request, response)
      else toMaestro(request, response, direction.arrival)
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const end = (line: string) => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
      // A browser that goes away in the middle of a handshake is no error of ours.
      socket.on('error', () => undefined)
      const direction = directionOf(request)
      if (direction.to === 'refusal') end(upgradeRefusals[direction.status] ?? '400 Bad Request')
      else if (direction.to === 'https') end('403 Forbidden')
      else if (direction.to === 'service') doors.service.upgrade(direction.slug, request, socket, head)
      else if (originAllowed(originOf(request), doors.origins, true)) doors.maestro.upgrade(request, socket, head)
      else end('403 Forbidden')
    },
  }
}

const upgradeRefusals: Partial<Record<RefusalStatus, string>> = { 403: '403 Forbidden', 421: '421 Misdirected Request' }

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
  // What comes out of a TLS connection is read anew, not the connection itself.
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket)
}

/** A server, with TLS where it has a certificate; `release` ends its watch over the certificate's files. */
function makeServer(files: TlsFiles | null, answer: Handle): { server: Server; release: () => void } {
  // A body may take as long as it takes, to a service above all; the headers may not.
  const patience = { requestTimeout: 0, headersTimeout: 30_000 }
  if (!files) return { server: createServer(patience, answer), release: () => undefined }
  const pair = readPair(files)
  const server = createSecureServer({ ...patience, ...secureOptions(pair), handshakeTimeout: 10_000 }, answer)
  return { server, release: followPair(server, files, pair) }
}

export interface Front {
  server: Server
  /** @throws Error in one sentence where the port cannot be had */
  listen(port: number, host: string): Promise<void>
  /** Says who answers; requests that came before waited for it. */
  open(doors: Doors): void
  /** Takes no new connections, lets what is being answered finish for `drainMs`, and ends upgraded connections at once: they come back. */
  close(drainMs: number): Promise<void>
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${error.code})`
      reject(new Error(`Port ${port} ${why}: choose another one with PORT.`))
    })
    server.listen(port, host, resolve)
  })
}

/**
 * The one HTTP server: it looks at the way a request came, then at Host, then at Origin, before anybody else sees a request or an upgrade.
 * @throws Error in one sentence where its certificate cannot be used
 */
export function makeFront(approach: Approach = {}): Front {
  const upgraded = new Set<Duplex>()
  let desk: ReturnType<typeof makeDesk> | undefined
  let open: (doors: Doors) => void = () => undefined
  const opened = new Promise<ReturnType<typeof makeDesk>>((resolve) => {
    open = (doors) => {
      desk = makeDesk(doors, approach)
      resolve(desk)
    }
  })
  const answer: Handle = (request, response) => {
    if (desk) desk.answer(request, response)
    else opened.then((late) => late.answer(request, response)).catch(() => response.destroy())
  }
  const { server, release } = makeServer(approach.tls ?? null, answer)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      declineUpgrade(server, request, socket, head)
      return
    }
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    opened.then((late) => late.upgrade(request, socket, head)).catch(() => socket.destroy())
  })
  const close = async (drainMs: number) => {
    release()
    const timer = setTimeout(() => server.closeAllConnections(), drainMs)
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of upgraded) socket.destroy()
    server.closeIdleConnections()
    await closed
    clearTimeout(timer)
  }
  return { server, listen: (port, host) => listenOn(server, port, host), open, close }
}
