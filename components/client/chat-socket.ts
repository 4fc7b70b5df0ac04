import type { Socket } from 'socket.io-client'
import type { ChatClientEvents, ChatServerEvents } from '@/server/workspace/schema.ts'
import type { ChatListener } from './chat-store.ts'

type ChatSocket = Pick<Socket<ChatServerEvents, ChatClientEvents>, 'on' | 'emit' | 'connected' | 'connect' | 'timeout'>
type Change = Parameters<ChatServerEvents['workspace:changed']>[0]
interface OpenChat {
  listeners: Set<ChatListener>
  /** The server was asked to tell of it, or does. */
  state: 'shut' | 'asked' | 'told'
  /** Counts the askings: the answer to an earlier one is nobody's any more. */
  round: number
}

const answerMs = 10_000
const againMs = 2_000

/**
 * Shares one socket among all that show conversations or the list of them. After every (re)connection each is opened again; one is closed once its last
 * listener is gone.
 */
export function makeChatDesk(socket: ChatSocket) {
  const chats = new Map<string, OpenChat>()
  const watchers = new Set<(change: Change) => void>()
  const all = () => [...chats.values()].flatMap(({ listeners }) => [...listeners])
  const of = (sessionId: string) => [...(chats.get(sessionId)?.listeners ?? [])]

  function open(sessionId: string): void {
    const chat = chats.get(sessionId)
    if (!chat || !socket.connected) return
    chat.state = 'asked'
    const round = ++chat.round
    socket.timeout(answerMs).emit('chat:open', { sessionId }, (lost: Error | null, answer: { ok: true } | { error: Failure }) => {
      if (chats.get(sessionId) !== chat || chat.round !== round || chat.state !== 'asked') return
      if (lost) return open(sessionId)
      chat.state = 'error' in answer ? 'shut' : 'told'
      for (const listener of [...chat.listeners]) {
        if ('error' in answer) listener.failed(answer.error)
        else listener.opened()
      }
    })
  }
  function openWorkspace(): void {
    if (watchers.size === 0 || !socket.connected) return
    socket.timeout(answerMs).emit('workspace:open', (lost: Error | null) => {
      if (lost) return openWorkspace()
      // What changed meanwhile was told to nobody.
      tell({ kind: 'list' })
      tell({ kind: 'approvals' })
    })
  }
  function tell(change: Change): void {
    for (const watcher of [...watchers]) watcher(change)
  }

  socket.on('connect', () => {
    for (const sessionId of chats.keys()) open(sessionId)
    openWorkspace()
  })
  socket.on('disconnect', (reason: string) => {
    for (const chat of chats.values()) chat.state = 'shut'
    for (const listener of all()) listener.offline()
    // The one case in which the library leaves it to us: the server ended a session's sockets, or restarts.
    if (reason === 'io server disconnect') setTimeout(() => socket.connect(), againMs)
  })
  socket.on('connect_error', (error: Error & { data?: Failure }) => {
    if (error.data?.code === 'UNAUTHENTICATED') for (const listener of all()) listener.failed(error.data)
    else if (error.data) setTimeout(() => socket.connect(), againMs)
  })
  socket.on('chat:events', (frame) => {
    for (const listener of of(frame.sessionId)) listener.frame(frame)
  })
  socket.on('chat:changed', ({ sessionId, kind }) => {
    for (const listener of of(sessionId)) listener.changed(kind)
  })
  socket.on('workspace:changed', tell)

  return {
    /** What shows a conversation that another part of the page shows already is told at once: the server is asked once for all of them. */
    open(sessionId: string, listener: ChatListener): () => void {
      const chat: OpenChat = chats.get(sessionId) ?? { listeners: new Set(), state: 'shut', round: 0 }
      chats.set(sessionId, chat)
      chat.listeners.add(listener)
      if (chat.state === 'shut') open(sessionId)
      else if (chat.state === 'told') queueMicrotask(() => chat.state === 'told' && chat.listeners.has(listener) && listener.opened())
      return () => {
        chat.listeners.delete(listener)
        if (chat.listeners.size > 0 || chats.get(sessionId) !== chat) return
        chats.delete(sessionId)
        if (socket.connected) socket.emit('chat:close', { sessionId })
      }
    },
    /** Hears of everything of this person's workspace; the list and the approvals are also named after every connection. */
    watch(watcher: (change: Change) => void): () => void {
      watchers.add(watcher)
      if (watchers.size === 1) openWorkspace()
      return () => {
        watchers.delete(watcher)
      }
    },
  }
}
interface Failure {
  code: string
  message: string
}
export type ChatDesk = ReturnType<typeof makeChatDesk>
export type WorkspaceChange = Change
