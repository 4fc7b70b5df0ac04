import type { Socket } from 'socket.io-client'
import type { TerminalClientEvents, TerminalEnd, TerminalServerEvents } from '@/server/terminals/schema.ts'

type TerminalSocket = Pick<Socket<TerminalServerEvents, TerminalClientEvents>, 'on' | 'emit' | 'connected' | 'timeout'>
export interface Refusal {
  code: string
  message: string
  key?: string
}
export interface Size {
  cols: number
  rows: number
}

/** What a terminal's screen needs to know. */
interface TerminalListener {
  /** Output that follows what was shown; `fresh` where it begins anew, because what lies between is kept no more or nothing was shown yet. */
  output(data: Uint8Array, options: { fresh: boolean; cut: boolean; shown: () => void }): void
  live(): void
  offline(): void
  ended(end: { exitCode: number | null; why: TerminalEnd | 'lost' | 'elsewhere' }): void
}

interface Screen {
  sessionId: string
  size: Size
  /** Everything before this byte has arrived, and everything before that one is shown. */
  at: number
  seen: number
  told: number
  opening: boolean
  typed: string
  listener: TerminalListener
}

const answerMs = 10_000
/** The server takes so many messages of a connection in a second and no more; what is shown and typed is told in turns. */
const turnMs = 25
const inputChars = 8 * 1024

/** Shares the page's socket among its terminals. After every connection each is opened again, from the byte that was shown last. */
export function makeTerminalDesk(socket: TerminalSocket) {
  const screens = new Map<string, Screen>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function turn(): void {
    timer = undefined
    for (const [terminalId, screen] of screens) {
      if (!socket.connected || screen.opening) continue
      if (screen.seen > screen.told) {
        screen.told = screen.seen
        socket.emit('terminal:seen', { terminalId, at: screen.seen })
      }
      if (screen.typed) {
        socket.emit('terminal:input', { terminalId, data: screen.typed.slice(0, inputChars) })
        screen.typed = screen.typed.slice(inputChars)
        soon()
      }
    }
  }
  function soon(): void {
    timer ??= setTimeout(turn, turnMs)
  }
  function take(screen: Screen, at: number, data: Uint8Array, opened: boolean): void {
    const fresh = at !== screen.at || (opened && at === 0)
    const end = at + data.length
    screen.at = end
    screen.listener.output(data, {
      fresh,
      cut: fresh && at > 0,
      shown: () => {
        screen.seen = Math.max(screen.seen, end)
        soon()
      },
    })
  }
  function open(terminalId: string): void {
    const screen = screens.get(terminalId)
    if (!screen || !socket.connected) return
    screen.opening = true
    const asked = { sessionId: screen.sessionId, terminalId, ...screen.size, after: screen.at }
    socket.timeout(answerMs).emit('terminal:open', asked, (lost, answer) => {
      if (screens.get(terminalId) !== screen) return
      if (lost) return open(terminalId)
      screen.opening = false
      if ('error' in answer) {
        screens.delete(terminalId)
        screen.listener.ended({ exitCode: null, why: answer.error.key === 'terminalElsewhere' ? 'elsewhere' : 'lost' })
        return
      }
      take(screen, answer.at, new Uint8Array(answer.data), true)
      screen.listener.live()
      soon()
    })
  }

  socket.on('connect', () => {
    for (const terminalId of screens.keys()) open(terminalId)
  })
  socket.on('disconnect', () => {
    for (const { listener } of screens.values()) listener.offline()
  })
  socket.on('terminal:output', ({ terminalId, at, data }) => {
    const screen = screens.get(terminalId)
    // Until the answer is there, what comes belongs to another opening, and comes again.
    if (screen && !screen.opening) take(screen, at, new Uint8Array(data), false)
  })
  socket.on('terminal:ended', ({ terminalId, ...end }) => {
    const screen = screens.get(terminalId)
    screens.delete(terminalId)
    screen?.listener.ended(end)
  })

  return {
    /** Starts a terminal and says its name; whoever shows it opens it. */
    start: (sessionId: string, size: Size) =>
      new Promise<string>((resolve, reject: (refusal: Refusal) => void) => {
        if (!socket.connected) return reject({ code: 'OFFLINE', message: '' })
        socket.timeout(answerMs * 3).emit('terminal:open', { sessionId, ...size }, (lost, answer) => {
          if (lost) reject({ code: 'OFFLINE', message: '' })
          else if ('error' in answer) reject(answer.error)
          else resolve(answer.terminalId)
        })
      }),
    show(sessionId: string, terminalId: string, size: Size, listener: TerminalListener) {
      const screen: Screen = { sessionId, size, at: 0, seen: 0, told: 0, opening: false, typed: '', listener }
      screens.set(terminalId, screen)
      open(terminalId)
      return {
        type(data: string): void {
          // What is typed into a screen that stands still would surprise whoever comes back.
          if (!socket.connected) return
          screen.typed += data
          // The first key goes out at once; those that follow closely go together.
          if (timer === undefined) turn()
          soon()
        },
        resize(to: Size): void {
          screen.size = to
          if (socket.connected) socket.emit('terminal:resize', { terminalId, ...to })
        },
        leave(): void {
          if (screens.get(terminalId) !== screen) return
          screens.delete(terminalId)
          if (socket.connected) socket.emit('terminal:leave', { terminalId })
        },
      }
    },
    end(terminalId: string): void {
      if (socket.connected) socket.emit('terminal:end', { terminalId })
    },
  }
}
export type TerminalDesk = ReturnType<typeof makeTerminalDesk>
export type TerminalLine = ReturnType<TerminalDesk['show']>
