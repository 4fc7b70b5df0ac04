import { io, type Socket } from 'socket.io-client'

let socket: Socket | undefined

/** The page's one socket, for everything that is live. WebSocket first: a poll would need the same node each time. */
export function pageSocket(): Socket {
  socket ??= io({ transports: ['websocket', 'polling'], tryAllTransports: true, reconnectionDelay: 250, reconnectionDelayMax: 5_000 })
  return socket
}
