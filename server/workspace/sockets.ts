import { z } from 'zod'
import { chatFor } from '@/server/chats/service.ts'
import { AppError, isAppError, publicError } from '@/server/core/errors.ts'
import { chatTopic, workspaceTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { type AppSocket, onRightsChange } from '@/server/core/sockets.ts'
import { atWork } from '@/server/core/work-gate.ts'
import { makeOutlet } from './live/outlet.ts'
import type { ChatClientEvents, ChatFrame, ChatServerEvents } from './schema.ts'

type ChatSocket = AppSocket<ChatClientEvents, ChatServerEvents>
type Ack = Parameters<ChatClientEvents['workspace:open']>[0]

const sessionInput = z.object({ sessionId: z.uuid() })
/** A page shows one conversation; whoever asks for more than some is no page of ours. */
const openLimit = 16
const told = ['messages', 'session', 'files', 'approvals', 'preview'] as const
const changeSchema = z.object({ kind: z.enum(told) })
const runSchema = z.object({ kind: z.literal('run'), runId: z.string(), messageId: z.string(), next: z.number() })
const newsSchema = z.object({
  kind: z.enum(['list', 'approvals', 'ended', 'agents']),
  sessionId: z.string().optional(),
  state: z.string().optional(),
})

/** What one socket hears of a conversation. Returns what ends it. */
function listen(socket: ChatSocket, sessionId: string): () => void {
  const outlet = makeOutlet(socket)
  const leaveLive = registry('live').subscribe(sessionId, (frame) => outlet.send(frame as ChatFrame))
  const leaveHub = registry('hub').subscribe(chatTopic(sessionId), (hint) => {
    const run = runSchema.safeParse(hint).data
    if (run) {
      // A run of another process: the frame has nothing in it but how far that is, so that the page reads what it lacks.
      const { runId, messageId, next } = run
      if (!registry('live').source(runId)) outlet.send({ sessionId, runId, messageId, from: next, events: [] })
      return
    }
    const change = changeSchema.safeParse(hint).data
    if (change) socket.emit('chat:changed', { sessionId, kind: change.kind })
    else if (hint.resync) socket.emit('chat:changed', { sessionId, kind: 'messages' })
  })
  return () => {
    leaveLive()
    leaveHub()
    outlet.close()
  }
}

function answerWith(ack: unknown): Ack {
  return typeof ack === 'function' ? (ack as Ack) : () => undefined
}

function refuse(answer: Ack, err: unknown): void {
  const { code, message } = publicError(err)
  if (code === 'INTERNAL') logger.error({ err }, 'a conversation could not be opened')
  answer({ error: { code, message } })
}

/** The conversations that one socket has open, or is about to. */
function makeDesk(socket: ChatSocket) {
  const wanted = new Map<string, { leave?: () => void }>()
  const end = (sessionId: string) => {
    wanted.get(sessionId)?.leave?.()
    wanted.delete(sessionId)
  }
  return {
    async open(sessionId: string): Promise<void> {
      if (wanted.size >= openLimit && !wanted.has(sessionId))
        throw new AppError('TOO_MANY_REQUESTS', 'Too many conversations are open at once.')
      end(sessionId)
      const place: { leave?: () => void } = {}
      wanted.set(sessionId, place)
      try {
        // What is said before the page hears is not lost to it: it reads the conversation after this is answered.
        await chatFor(atWork(socket.data.caller).id, sessionId)
      } catch (err) {
        if (wanted.get(sessionId) === place) wanted.delete(sessionId)
        throw err
      }
      // Meanwhile it may have been closed, asked for once more, or the socket gone.
      if (wanted.get(sessionId) === place) place.leave = listen(socket, sessionId)
    },
    end,
    endAll: () => [...wanted.keys()].forEach(end),
    /** Asks again for each whether this person may hear it. */
    async recheck(): Promise<void> {
      for (const sessionId of [...wanted.keys()]) {
        try {
          await chatFor(atWork(socket.data.caller).id, sessionId)
        } catch (err) {
          end(sessionId)
          // Nobody found out: whoever comes again asks again, and is not left to wait for what is told no more.
          if (!isAppError(err)) socket.conn.close()
        }
      }
    },
  }
}

function watchWorkspace(socket: ChatSocket): () => void {
  const { id } = atWork(socket.data.caller)
  return registry('hub').subscribe(workspaceTopic(id), (hint) => {
    const news = newsSchema.safeParse(hint).data ?? (hint.resync ? { kind: 'list' as const } : undefined)
    if (news) socket.emit('workspace:changed', news as Parameters<ChatServerEvents['workspace:changed']>[0])
  })
}

/** Live conversations for one socket: `chat:open`, then everything that is said in it, and `workspace:open` for the person's own news. */
export function chatSockets(socket: ChatSocket): void {
  const desk = makeDesk(socket)
  let leaveWorkspace: (() => void) | null = null
  onRightsChange(socket, () => {
    void desk.recheck()
    try {
      atWork(socket.data.caller)
    } catch {
      leaveWorkspace?.()
      leaveWorkspace = null
    }
  })
  socket.on('chat:open', (input: unknown, ack: unknown) => {
    const answer = answerWith(ack)
    const parsed = sessionInput.safeParse(input)
    if (!parsed.success) return answer({ error: { code: 'BAD_REQUEST', message: 'This is no conversation.' } })
    desk.open(parsed.data.sessionId).then(
      () => answer({ ok: true }),
      (err) => refuse(answer, err),
    )
  })
  socket.on('chat:close', (input: unknown) => {
    const parsed = sessionInput.safeParse(input)
    if (parsed.success) desk.end(parsed.data.sessionId)
  })
  socket.on('workspace:open', (...given: unknown[]) => {
    const answer = answerWith(given.at(-1))
    try {
      leaveWorkspace ??= watchWorkspace(socket)
      answer({ ok: true })
    } catch (err) {
      refuse(answer, err)
    }
  })
  socket.on('disconnect', () => {
    desk.endAll()
    leaveWorkspace?.()
  })
}
