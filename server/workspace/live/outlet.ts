import type { AppSocket } from '@/server/core/sockets.ts'
import type { ChatClientEvents, ChatFrame, ChatServerEvents } from '../schema.ts'

/** Frames that may wait for a slow client; beyond that it is only told how far runs are, once it takes something again. */
const waitingLimit = 64

/** What goes to one client. One that does not keep up costs no memory: it reads what it missed. */
export function makeOutlet(socket: AppSocket<ChatClientEvents, ChatServerEvents>) {
  let waiting = 0
  const behind = new Map<string, ChatFrame>()
  const drained = () => {
    waiting = 0
    for (const frame of behind.values()) socket.emit('chat:events', frame)
    behind.clear()
  }
  // A connection says `drain` each time it has handed everything to the wire.
  const onDrain = () => setImmediate(drained)
  socket.conn.on('drain', onDrain)
  return {
    send(frame: ChatFrame) {
      if (waiting >= waitingLimit) {
        behind.set(frame.runId, { ...frame, from: frame.from + frame.events.length, events: [] })
        return
      }
      waiting++
      socket.emit('chat:events', frame)
    },
    close: () => void socket.conn.off('drain', onDrain),
  }
}
