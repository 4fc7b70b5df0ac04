import type { Server as HttpServer } from 'node:http'
import { type DefaultEventsMap, Server, type Socket } from 'socket.io'
import { baseUrl } from './env.ts'
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
/** A session that ended elsewhere ends its sockets at the next of these looks. */
const sessionCheckMs = 60_000

const refused = (code: ErrorCode, message: string) => Object.assign(new Error(message), { data: { code, message } })

/** Who a handshake's session cookie belongs to. API tokens open no socket: nobody could tell when one is revoked. */
const callerOfHandshake = (socket: AppSocket): Promise<Caller> => {
  const { cookie } = socket.request.headers
  return callerOf({ get: (name) => (name === 'cookie' ? (cookie ?? null) : null) })
}

async function authenticate(socket: AppSocket, next: (error?: Error) => void): Promise<void> {
  try {
    const caller = await callerOfHandshake(socket)
    if (caller.actor?.suspended) return next(refused('FORBIDDEN', 'This account is suspended.'))
    socket.data.caller = caller
    next()
  } catch (err) {
    logger.error({ err }, 'a socket could not be authenticated')
    const { code, message } = publicError(err)
    next(refused(code, message))
  }
}

/** Ends a person's socket once their session has ended or they were suspended: at once where a hint says so, else at the next look. */
function watchSession(socket: AppSocket): void {
  const { actor } = socket.data.caller
  if (!actor) return
  const check = () => {
    callerOfHandshake(socket).then(
      (caller) => {
        if (caller.actor?.id !== actor.id || caller.actor.suspended) socket.disconnect(true)
        else socket.data.caller = caller
      },
      () => undefined,
    )
  }
  const leave = registry('hub').subscribe(personTopic(actor.id), check)
  const timer = setInterval(check, sessionCheckMs)
  timer.unref()
  socket.on('disconnect', () => {
    clearInterval(timer)
    leave()
  })
}

/**
 * Makes the process's socket server: the handshake's Origin must be ours. Where the Host header
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
