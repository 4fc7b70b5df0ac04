// A Socket.IO server that does nothing but hand on what it is told, as a process of its own: node --import tsx bare.ts
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { settledMemory } from './settled.ts'
import type { FromServer, ToServer } from './types.ts'

const http = createServer()
const io = new Server(http, { path: '/socket.io/', serveClient: false })
io.on('connection', (socket) => {
  socket.on('join', (room: string, ack: () => void) => {
    void socket.join(room)
    ack()
  })
})
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
const say = (message: FromServer) => process.send?.(message)

process.on('message', (message: ToServer) => {
  if (message.kind === 'prepare')
    say({ kind: 'ready', base, chats: Array.from({ length: message.people }, (_, at) => ({ sessionId: `room-${at}`, cookie: 'none=1' })) })
  else if (message.kind === 'memory') {
    void settledMemory().then((bytes) => say({ kind: 'memory', bytes }))
  } else if (message.kind === 'say') {
    say({ kind: 'said', runIds: [] })
    // The same marks as the model's, straight to whoever is in the room.
    for (let chat = 0; chat < message.chats; chat++) {
      let number = 0
      const timer = setInterval(() => {
        io.to(`room-${chat}`).emit('raw', ` [${number++}:${(performance.timeOrigin + performance.now()).toFixed(3)}]`)
        if (number >= message.words) clearInterval(timer)
      }, 1_000 / message.rate)
    }
  } else say({ kind: 'idle' })
})
process.on('disconnect', () => process.exit(0))
