import { projectSockets } from './builds/sockets.ts'
import type { AppSocketServer } from './core/sockets.ts'
import { streamSockets } from './streams/sockets.ts'
import { terminalSockets } from './terminals/sockets.ts'
import { chatSockets } from './workspace/sockets.ts'

/** The only list of socket handlers. */
export function attachSockets(io: AppSocketServer): void {
  io.on('connection', (socket) => {
    streamSockets(socket)
    projectSockets(socket)
    chatSockets(socket)
    terminalSockets(socket)
  })
}
