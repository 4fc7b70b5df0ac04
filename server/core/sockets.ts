import type { Server as HttpServer } from 'node:http'
import { type DefaultEventsMap, Server, type Socket } from 'socket.io'
import { baseUrl } from './env.ts'
import { type ErrorCode, publicError } from './errors.ts'
import { type Actor, actorFromSession } from './gates.ts'
import { originAllowed, ownOrigins } from './http.ts'
import { logger } from './logger.ts'

/** What a handshake has found out; every socket that reaches a handler has it. */
export interface SocketData {
  actor: Actor
}

type Events = object
/** A signed-in person's socket, with the event maps of one domain's `schema.ts`. */
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
/** A session that ended elsewhere ends its sockets at the next of these looks. */
const sessionCheckMs = 60_000

const refused = (code: ErrorCode, message: string) => Object.assign(new Error(message), { data: { code, message } })

async function authenticate(socket: AppSocket, next: (error?: Error) => void): Promise<void> {
  try {
    const actor = await actorFromSession(socket.request.headers.cookie)
    if (!actor) return next(refused('UNAUTHENTICATED', 'Sign in first.'))
    socket.data.actor = actor
    next()
  } catch (err) {
    logger.error({ err }, 'a socket could not be authenticated')
    const { code, message } = publicError(err)
    next(refused(code, message))
  }
}

function watchSession(socket: AppSocket): void {
  const { cookie } = socket.request.headers
  const timer = setInterval(() => {
    actorFromSession(cookie).then(
      (actor) => actor?.id === socket.data.actor.id || socket.disconnect(true),
      () => undefined,
    )
  }, sessionCheckMs)
  timer.unref()
  socket.on('disconnect', () => clearInterval(timer))
}

/**
 * Makes the process's socket server: the handshake's Origin must be ours, and its session cookie somebody's. Where the Host header
 * decides first who answers, hand in a server that does not listen and pass it what is ours:
 * `door.emit('request', request, response)` and `door.emit('upgrade', request, socket, head)` for paths below `socketPath`.
 */
export function makeSocketServer(httpServer: HttpServer, base = baseUrl()): AppSocketServer {
  const origins = ownOrigins(base)
  const io: AppSocketServer = new Server(httpServer, {
    path: socketPath,
    serveClient: false,
    // Another path's upgrades are somebody else's, not to be ended.
    destroyUpgrade: false,
    maxHttpBufferSize: maxMessageBytes,
    allowRequest: (request, answer) => {
      const { origin, referer, 'sec-fetch-site': site } = request.headers
      const from = { method: request.method, origin, referer, fetchSite: typeof site === 'string' ? site : undefined }
      answer(null, originAllowed(from, origins, true))
    },
  })
  io.use((socket, next) => void authenticate(socket, next))
  io.on('connection', watchSession)
  return io
}
