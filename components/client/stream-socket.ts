import type { Socket } from 'socket.io-client'
import type { StreamClientEvents, StreamServerEvents } from '@/server/streams/schema.ts'
import type { StreamListener } from './stream-store.ts'

type StreamSocket = Pick<Socket<StreamServerEvents, StreamClientEvents>, 'on' | 'emit' | 'connected' | 'connect' | 'timeout'>

const answerMs = 10_000
const againMs = 2_000

/**
 * Shares one socket among all views of all streams. After every (re)connection each stream is opened again; a stream is closed once
 * its last view is gone.
 */
export function makeStreamDesk(socket: StreamSocket) {
  const views = new Map<string, { service: string; listeners: Set<StreamListener> }>()
  const all = () => [...views.values()].flatMap(({ listeners }) => [...listeners])

  function open(streamId: string): void {
    const view = views.get(streamId)
    if (!view || !socket.connected) return
    socket.timeout(answerMs).emit('stream:open', { service: view.service, streamId }, (lost, answer) => {
      if (views.get(streamId) !== view) return
      // A lost connection opens everything again by itself; an answer that never came over a living one is asked for once more.
      if (lost) return open(streamId)
      for (const listener of [...view.listeners]) {
        if ('head' in answer) listener.opened(answer.head)
        else listener.failed(answer.error)
      }
    })
  }

  socket.on('connect', () => {
    for (const streamId of views.keys()) open(streamId)
  })
  socket.on('disconnect', (reason: string) => {
    for (const listener of all()) listener.offline()
    // The one case in which the library leaves it to us: the server ended a session's sockets, or restarts.
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), againMs)
  })
  socket.on('connect_error', (error: Error & { data?: { code?: string; message?: string } }) => {
    if (error.data?.code === 'UNAUTHENTICATED') {
      for (const listener of all()) listener.failed({ code: 'UNAUTHENTICATED', message: error.data.message ?? '' })
    } else if (error.data) setTimeout(() => socket.connect(), againMs)
  })
  socket.on('stream:more', (message) => {
    for (const listener of [...(views.get(message.head.streamId)?.listeners ?? [])]) listener.more(message)
  })

  return {
    open(service: string, streamId: string, listener: StreamListener): () => void {
      const view = views.get(streamId) ?? { service, listeners: new Set<StreamListener>() }
      views.set(streamId, view)
      view.listeners.add(listener)
      // A second view of an open stream asks as well: it needs a head of its own, and the server takes it for the same watcher.
      open(streamId)
      return () => {
        view.listeners.delete(listener)
        if (view.listeners.size > 0 || views.get(streamId) !== view) return
        views.delete(streamId)
        if (socket.connected) socket.emit('stream:close', { streamId })
      }
    },
  }
}
export type StreamDesk = ReturnType<typeof makeStreamDesk>
