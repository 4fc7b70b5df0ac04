import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type DefaultEventsMap, Server, type Socket } from 'socket.io'
import { addressKey } from './address.ts'
import { addressHeader } from './credentials.ts'
import { baseUrl, env } from './env.ts'
import { type ErrorCode, publicError } from './errors.ts'
import { type Caller, callerOf } from './gates.ts'
import { originAllowed, ownOrigins } from './http.ts'
import { personTopic } from './hub.ts'
import { logger } from './logger.ts'
import { registry } from './registry.ts'

/** What a handshake has found out; every socket that reaches a handler has it. Whoever is not signed in may still watch what is public. */
export interface SocketData {
  caller: Caller
}

type Events = object
/** A page's socket, with the event maps of one domain's `schema.ts`. */
export type AppSocket<Client extends Events = DefaultEventsMap, ServerEvents extends Events = DefaultEventsMap> = Socket<
  // The library asks for index signatures that interfaces lack.
  Client & DefaultEventsMap,
  ServerEvents & DefaultEventsMap,
  DefaultEventsMap,
  SocketData
>
export type AppSocketServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>

export const socketPath = '/socket.io/'
/** A client's messages are short questions; whatever is longer ends its connection. */
const maxMessageBytes = 64 * 1024
/** A session that ended elsewhere ends its sockets at the next of these looks, should the hint of it have been lost. */
const sessionCheckMs = 60_000
const firstLookMs = 300
/** A look that the database could not answer is repeated after these times; then only the next regular one is left. */
const lookAgainMs = [300, 1_000, 3_000, 10_000]
/** Connections to this process at once: of one person there are some pages, behind one address an office. */
const connectionLimits = { person: 50, address: 200 }
/** Messages of one connection within a second; a page sends a handful. Whoever goes beyond it is no page. */
const messageLimit = 200

export interface SocketBounds {
  /** What the limits of connections are multiplied by. */
  scale: number
  /** A connection on which nobody has come in by then is ended. */
  joinWithinMs: number
  /** The time between two looks at whether a socket's session is still there. */
  lookEveryMs: number
}

const refused = (code: ErrorCode, message: string) => Object.assign(new Error(message), { data: { code, message } })

/** Who a handshake's session cookie belongs to. API tokens open no socket: nobody could tell when one is revoked. */
const callerOfHandshake = (socket: AppSocket): Promise<Caller> => {
  const { cookie } = socket.request.headers
  return callerOf({ get: (name) => (name === 'cookie' ? (cookie ?? null) : null) })
}

/** Counts what is held at once by each key. */
function makeCounter(limit: number) {
  const held = new Map<string, number>()
  return {
    isFull: (key: string) => (held.get(key) ?? 0) >= limit,
    /** Returns what gives it back; a second call of that changes nothing. */
    take(key: string): () => void {
      held.set(key, (held.get(key) ?? 0) + 1)
      let kept = true
      return () => {
        const left = (held.get(key) ?? 0) - (kept ? 1 : 0)
        kept = false
        if (left > 0) held.set(key, left)
        else held.delete(key)
      }
    },
  }
}
type Counter = ReturnType<typeof makeCounter>

/** Counts a socket of a person for as long as it is there. */
function hold(people: Counter, id: string, socket: AppSocket): void {
  const release = people.take(id)
  socket.on('disconnect', release)
  // A connection that ends before its socket is ready tells nobody but this.
  socket.conn.once('close', release)
}

async function authenticate(socket: AppSocket, people: Counter, next: (error?: Error) => void): Promise<void> {
  try {
    const caller = await callerOfHandshake(socket)
    if (caller.actor?.suspended) return next(refused('FORBIDDEN', 'This account is suspended.'))
    if (caller.actor) {
      if (people.isFull(caller.actor.id)) return next(refused('TOO_MANY_REQUESTS', 'Too many pages are open at once.'))
      if (socket.conn.readyState === 'open') hold(people, caller.actor.id, socket)
    }
    socket.data.caller = caller
    next()
  } catch (err) {
    logger.error({ err }, 'a socket could not be authenticated')
    const { code, message } = publicError(err)
    next(refused(code, message))
  }
}

const rightsListeners = new WeakMap<AppSocket, Set<() => void>>()

/** Calls back whenever what a socket's person may do could have changed, with the new answer in `socket.data.caller`. */
export function onRightsChange(socket: AppSocket, listener: () => void): void {
  const listeners = rightsListeners.get(socket) ?? new Set()
  rightsListeners.set(socket, listeners.add(listener))
}

/**
 * Makes the function that looks at what a socket's person may still do. A look that fails, because the database is away for a moment, ends
 * nothing and is soon repeated: the hint of a change comes once.
 */
export function lookUntilAnswered(socket: AppSocket, look: () => Promise<unknown>): () => void {
  let again: NodeJS.Timeout | undefined
  const go = (failed: number) => {
    clearTimeout(again)
    // The timer may outlive its socket by a moment, for which nobody asks any more.
    if (!socket.connected) return
    look().catch(() => {
      if (failed >= lookAgainMs.length) return
      clearTimeout(again)
      again = setTimeout(go, lookAgainMs[failed], failed + 1)
      again.unref()
    })
  }
  return () => go(0)
}

/**
 * Ends a person's socket once their session has ended or they were suspended: at once where a hint says so, else at the next look. Whoever comes
 * back without a session comes as nobody.
 */
function watchSession(socket: AppSocket, lookEveryMs: number): void {
  const { actor } = socket.data.caller
  if (!actor) return
  const look = lookUntilAnswered(socket, async () => {
    const caller = await callerOfHandshake(socket)
    if (caller.actor?.id !== actor.id || caller.actor.suspended) {
      socket.disconnect(true)
      return
    }
    socket.data.caller = caller
    for (const listener of rightsListeners.get(socket) ?? []) listener()
  })
  const leave = registry('hub').subscribe(personTopic(actor.id), look)
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  // What was said between the handshake and the subscription was heard by nobody; a moment later, so that many who come at once come in first.
  const first = setTimeout(look, firstLookMs)
  first.unref()
  socket.on('disconnect', () => {
    clearTimeout(first)
    clearInterval(timer)
    leave()
  })
}

/** What is used of the engine's own connections. */
interface Connection {
  request: IncomingMessage
  transport: { closeTimeout?: number }
  once(event: 'close', listener: () => void): void
}

/** Lets each address have so many connections at once, whoever is signed in on them; where no front names addresses nothing is counted. */
function boundConnections(io: AppSocketServer, addresses: Counter): void {
  io.engine.on('connection', (connection: Connection) => {
    const key = addressOf(connection.request)
    if (key) connection.once('close', addresses.take(key))
    // A poll that is not there cannot be told of the end; the library would keep the connection for half a minute more.
    if (connection.transport.closeTimeout !== undefined) connection.transport.closeTimeout = 1_000
  })
}

function addressOf({ headers }: IncomingMessage): string | null {
  const address = headers[addressHeader]
  return typeof address === 'string' ? addressKey(address) : null
}

/** Ends a connection that sends more than any page does, before its questions reach the database. */
function boundMessages(io: AppSocketServer, limit: number): void {
  const messages = new RateLimiterMemory({ points: limit, duration: 1 })
  io.on('connection', (socket) => {
    socket.use((_message, next) => {
      messages.consume(socket.id).then(
        () => next(),
        () => socket.disconnect(true),
      )
    })
  })
}

/**
 * Makes the process's socket server: the handshake's Origin must be ours. Where the Host header
 * decides first who answers, hand in a server that does not listen and pass it what is ours:
 * `door.emit('request', request, response)` and `door.emit('upgrade', request, socket, head)` for paths below `socketPath`.
 */
export function makeSocketServer(httpServer: HttpServer, base = baseUrl(), bounds: Partial<SocketBounds> = {}): AppSocketServer {
  const { scale = env().MAESTRO_RATE_LIMIT_SCALE, joinWithinMs = 10_000, lookEveryMs = sessionCheckMs } = bounds
  const origins = ownOrigins(base)
  const people = makeCounter(connectionLimits.person * scale)
  const addresses = makeCounter(connectionLimits.address * scale)
  const io: AppSocketServer = new Server(httpServer, {
    path: socketPath,
    serveClient: false,
    // Another path's upgrades are somebody else's, not to be ended.
    destroyUpgrade: false,
    maxHttpBufferSize: maxMessageBytes,
    connectTimeout: joinWithinMs,
    allowRequest: (request, answer) => {
      const { origin, referer, 'sec-fetch-site': site } = request.headers
      const from = { method: request.method, origin, referer, fetchSite: typeof site === 'string' ? site : undefined }
      const address = addressOf(request)
      if (!originAllowed(from, origins, true)) answer('This was asked by a page of another origin.', false)
      else if (address && addresses.isFull(address)) answer('Too many pages are open at this address.', false)
      else answer(null, true)
    },
  })
  boundConnections(io, addresses)
  io.use((socket, next) => void authenticate(socket, people, next))
  boundMessages(io, messageLimit * scale)
  io.on('connection', (socket) => watchSession(socket, lookEveryMs))
  return io
}
