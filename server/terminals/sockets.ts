import { publicError } from '@/server/core/errors.ts'
import { logger } from '@/server/core/logger.ts'
import { type AppSocket, onRightsChange } from '@/server/core/sockets.ts'
import { atWork } from '@/server/core/work-gate.ts'
import {
  type TerminalClientEvents,
  type TerminalServerEvents,
  terminalInput,
  terminalName,
  terminalOpenInput,
  terminalResize,
  terminalSeen,
} from './schema.ts'
import { type Seat, startTerminal, type Terminal, terminalOf } from './service.ts'

type TerminalSocket = AppSocket<TerminalClientEvents, TerminalServerEvents>
type Ack = Parameters<TerminalClientEvents['terminal:open']>[1]
type OpenInput = Parameters<TerminalClientEvents['terminal:open']>[0]

interface Open {
  terminal: Terminal
  seat: Seat
}

/** The terminals that one socket shows. */
function makeSeats(socket: TerminalSocket) {
  const seats = new Map<string, Open>()
  const leave = (terminalId: string) => {
    seats.get(terminalId)?.seat.leave()
    seats.delete(terminalId)
  }
  return {
    of: (terminalId: string) => seats.get(terminalId),
    leave,
    leaveAll: () => [...seats.keys()].forEach(leave),
    async open({ sessionId, terminalId, after = 0, ...size }: OpenInput): Promise<Parameters<Ack>[0]> {
      const { id: actorId } = atWork(socket.data.caller)
      const terminal = terminalId ? await terminalOf(actorId, sessionId, terminalId) : await startTerminal(actorId, sessionId, size)
      const { id } = terminal
      leave(id)
      const watcher = {
        output: (piece: { at: number; data: Uint8Array }) => void socket.emit('terminal:output', { terminalId: id, ...piece }),
        ended: (end: Omit<Parameters<TerminalServerEvents['terminal:ended']>[0], 'terminalId'>) => {
          seats.delete(id)
          socket.emit('terminal:ended', { terminalId: id, ...end })
        },
      }
      const { seat, piece } = terminal.watch(watcher, size, after)
      if (socket.connected) seats.set(id, { terminal, seat })
      else seat.leave()
      return { terminalId: id, ...piece }
    },
    /** Asks again for each whether this person may see it. */
    async recheck(): Promise<void> {
      for (const [id, { terminal }] of [...seats]) {
        try {
          await terminalOf(atWork(socket.data.caller).id, terminal.sessionId, id)
        } catch {
          leave(id)
        }
      }
    },
  }
}

/** Terminals for one socket: `terminal:open`, then its output until `terminal:leave`, its end or the socket's. */
export function terminalSockets(socket: TerminalSocket): void {
  const seats = makeSeats(socket)
  onRightsChange(socket, () => void seats.recheck())
  socket.on('terminal:open', (input: unknown, ack: unknown) => {
    const answer = typeof ack === 'function' ? (ack as Ack) : () => undefined
    const refuse = (err: unknown) => {
      const { code, message, key } = publicError(err)
      if (code === 'INTERNAL') logger.error({ err }, 'a terminal could not be opened')
      answer({ error: { code, message, ...(key && { key }) } })
    }
    const parsed = terminalOpenInput.safeParse(input)
    try {
      atWork(socket.data.caller)
    } catch (err) {
      return refuse(err)
    }
    if (!parsed.success) return answer({ error: { code: 'BAD_REQUEST', message: 'This is no terminal.' } })
    seats.open(parsed.data).then(answer, refuse)
  })
  socket.on('terminal:input', (input: unknown) => {
    const { data } = terminalInput.safeParse(input)
    if (data) seats.of(data.terminalId)?.terminal.write(data.data)
  })
  socket.on('terminal:resize', (input: unknown) => {
    const { data } = terminalResize.safeParse(input)
    if (data) seats.of(data.terminalId)?.seat.resize({ cols: data.cols, rows: data.rows })
  })
  socket.on('terminal:seen', (input: unknown) => {
    const { data } = terminalSeen.safeParse(input)
    if (data) seats.of(data.terminalId)?.seat.seen(data.at)
  })
  socket.on('terminal:leave', (input: unknown) => {
    const { data } = terminalName.safeParse(input)
    if (data) seats.leave(data.terminalId)
  })
  socket.on('terminal:end', (input: unknown) => {
    const { data } = terminalName.safeParse(input)
    if (data) seats.of(data.terminalId)?.terminal.end('ended')
  })
  socket.on('disconnect', seats.leaveAll)
}
