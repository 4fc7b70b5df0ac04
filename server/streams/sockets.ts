import { z } from 'zod'
import { AppError, isAppError, publicError } from '@/server/core/errors.ts'
import { projectForReader } from '@/server/core/gates.ts'
import { projectTopic } from '@/server/core/hub.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { type AppSocket, lookUntilAnswered, onRightsChange } from '@/server/core/sockets.ts'
import { joinFeed } from './feeds/feed.ts'
import type { Watcher } from './feeds/types.ts'
import { type StreamClientEvents, type StreamHead, type StreamServerEvents, streamIdSchema } from './schema.ts'
import { streamHead } from './service.ts'

type StreamSocket = AppSocket<StreamClientEvents, StreamServerEvents>

const openInput = z.object({ service: z.string().min(1).max(64), streamId: streamIdSchema })
const closeInput = openInput.pick({ streamId: true })
/** A page shows one console, a person has some pages; whoever asks for more is no page of ours. */
const openLimit = 32
/** Packets that may wait for a slow client; beyond that it is told the head alone, once it takes something again. */
const waitingLimit = 16

/** Counts what waits for a client: its connection says `drain` each time it has handed everything to the wire. */
function makeOutlet(socket: StreamSocket) {
  let waiting = 0
  const recovered = new Set<() => void>()
  socket.conn.on('drain', () => {
    const crowded = waiting >= waitingLimit
    waiting = 0
    if (!crowded) return
    const callbacks = [...recovered]
    recovered.clear()
    // Not from within the drain itself: what is sent then has to be counted anew.
    setImmediate(() => {
      for (const callback of callbacks) callback()
    })
  })
  return {
    get full() {
      return waiting >= waitingLimit
    },
    send(...message: Parameters<StreamServerEvents['stream:more']>) {
      waiting++
      socket.emit('stream:more', ...message)
    },
    onRecovery: (callback: () => void) => void recovered.add(callback),
  }
}

/** What a feed tells one socket. A client that does not keep up costs no memory: it reads from its cursor when it can. */
function makeWatcher(outlet: ReturnType<typeof makeOutlet>): Watcher {
  let behind: StreamHead | null = null
  const catchUp = () => {
    const head = behind
    behind = null
    if (head) outlet.send({ head })
  }
  return {
    tell(message) {
      if (behind) behind = message.head
      else if (outlet.full) {
        behind = message.head
        outlet.onRecovery(catchUp)
      } else outlet.send(message)
    },
  }
}

/** Calls `changed` whenever the members or the visibility of a service's project did, while at least one stream of it is open. */
function makeGuard(changed: () => void) {
  const guarded = new Map<string, { streams: number; leave: () => void }>()
  const heard = ({ kind }: Record<string, unknown>) => (kind === 'project' || kind === undefined) && changed()
  return (service: string, projectId: string): (() => void) => {
    const entry = guarded.get(service) ?? { streams: 0, leave: registry('hub').subscribe(projectTopic(projectId), heard) }
    entry.streams++
    guarded.set(service, entry)
    let left = false
    return () => {
      if (left) return
      left = true
      if (--entry.streams > 0) return
      entry.leave()
      guarded.delete(service)
    }
  }
}

/** The streams one socket has open. `changed` is called when the right to see one of them may have gone. */
function makeDesk(socket: StreamSocket, changed: () => void) {
  const outlet = makeOutlet(socket)
  const guard = makeGuard(changed)
  const leave = new Map<string, () => void>()
  const services = new Map<string, string>()
  let rechecks = 0

  async function join(service: string, streamId: string, joined: (leaveFeed: () => void) => void): Promise<StreamHead> {
    const { projectId } = await projectForReader(socket.data.caller, service)
    // The feed is joined before the head is read: what is stored between the two is told twice rather than never.
    const feed = joinFeed(projectId, streamId, makeWatcher(outlet))
    const unguard = guard(service, projectId)
    joined(() => {
      unguard()
      feed.leave()
    })
    // The gate is asked once more behind the guard: it may have closed between the two.
    const [head] = await Promise.all([streamHead(projectId, streamId), projectForReader(socket.data.caller, service)])
    feed.prime(head.nextSeq)
    return head
  }

  return {
    async open(service: string, streamId: string): Promise<StreamHead> {
      if (leave.size >= openLimit && !leave.has(streamId)) throw new AppError('TOO_MANY_REQUESTS', 'Too many streams are open at once.')
      leave.get(streamId)?.()
      let ended = false
      let leaveFeed: (() => void) | undefined
      const end = () => {
        ended = true
        leaveFeed?.()
        if (leave.get(streamId) !== end) return
        leave.delete(streamId)
        services.delete(streamId)
      }
      leave.set(streamId, end)
      const before = rechecks
      try {
        const head = await join(service, streamId, (leaveJoined) => {
          leaveFeed = leaveJoined
          // It was closed, or its socket went away, while the gate was asked.
          if (ended) leaveJoined()
        })
        if (!ended) services.set(streamId, service)
        // Somebody's rights changed meanwhile, and this service was not among those that were asked for again.
        if (rechecks !== before) await projectForReader(socket.data.caller, service)
        return head
      } catch (error) {
        end()
        throw error
      }
    },
    /** Asks the gate again for every service that is watched. Rejects where one is closed to this person by now. */
    async recheck(): Promise<void> {
      rechecks++
      for (const service of new Set(services.values())) await projectForReader(socket.data.caller, service)
    },
    close: (streamId: string) => leave.get(streamId)?.(),
    closeAll() {
      for (const end of [...leave.values()]) end()
    },
  }
}

/**
 * Live streams for one socket: `stream:open`, then `stream:more` for everything that is stored from then on, until `stream:close`.
 * Whoever lost the right to watch is disconnected, at the hint of the change or within `recheckMs`, and refused when the page opens
 * its streams again.
 */
export function streamSockets(socket: StreamSocket, recheckMs = 60_000): void {
  const recheck = lookUntilAnswered(socket, () =>
    desk.recheck().catch((error) => {
      if (!isAppError(error)) throw error
      socket.disconnect(true)
    }),
  )
  const desk: ReturnType<typeof makeDesk> = makeDesk(socket, recheck)
  const timer = setInterval(recheck, recheckMs)
  timer.unref()
  onRightsChange(socket, recheck)
  socket.on('stream:open', (input: unknown, ack: unknown) => {
    const answer = typeof ack === 'function' ? (ack as Parameters<StreamClientEvents['stream:open']>[1]) : () => undefined
    const parsed = openInput.safeParse(input)
    if (!parsed.success) {
      answer({ error: { code: 'BAD_REQUEST', message: 'This is no stream.' } })
      return
    }
    desk.open(parsed.data.service, parsed.data.streamId).then(
      (head) => answer({ head }),
      (err) => {
        const { code, message } = publicError(err)
        if (code === 'INTERNAL') logger.error({ err }, 'a stream could not be opened')
        answer({ error: { code, message } })
      },
    )
  })
  socket.on('stream:close', (input: unknown) => {
    const parsed = closeInput.safeParse(input)
    if (parsed.success) desk.close(parsed.data.streamId)
  })
  socket.on('disconnect', () => {
    clearInterval(timer)
    desk.closeAll()
  })
}
