// Many browsers' sockets, as a process of its own: node --import tsx clients.ts
import { io, type Socket } from 'socket.io-client'
import type { ChatClientEvents, ChatFrame, ChatServerEvents } from '@/server/workspace/schema.ts'
import type { FromClients, ToClients, WatchedChat } from './types.ts'

type Client = Socket<
  ChatServerEvents & { raw: (text: string) => void },
  ChatClientEvents & { join: (room: string, ack: () => void) => void }
>
const now = () => performance.timeOrigin + performance.now()
const say = (message: FromClients) => process.send?.(message)
let sockets: Client[] = []

function connect(base: string, cookie: string): Promise<{ socket: Client; took: number }> {
  const began = performance.now()
  const socket: Client = io(base, { transports: ['websocket'], extraHeaders: { cookie }, forceNew: true, reconnection: false })
  return new Promise((resolve, reject) => {
    socket.on('connect', () => resolve({ socket, took: performance.now() - began }))
    socket.on('connect_error', reject)
  })
}

/** All conversations begin at one moment, which is not what is measured: the first marks count for being there, not for their time. */
const beginning = 0.4

/** Reads the marks ` [number:time of the model's event]` out of what one conversation says, however it is cut. */
function makeReader(words: number, done: () => void) {
  const delays: number[] = []
  let [rest, next, faults, heard] = ['', -1, 0, 0]
  return {
    delays,
    lost: () => faults + (words - heard),
    take(text: string) {
      const at = now()
      rest += text
      for (const [mark, number, time] of rest.matchAll(/ \[(\d+):([\d.]+)\]/g)) {
        if (next >= 0 && Number(number) !== next) faults++
        next = Number(number) + 1
        if (++heard > words * beginning) delays.push(at - Number(time))
        rest = rest.slice(rest.indexOf(mark) + mark.length)
      }
      if (heard >= words) done()
    },
  }
}

async function watchOne({ sessionId, cookie }: WatchedChat, base: string, bare: boolean, words: number) {
  const { socket } = await connect(base, cookie)
  sockets.push(socket)
  let over: () => void = () => undefined
  const whole = new Promise<void>((resolve) => {
    over = resolve
  })
  const reader = makeReader(words, over)
  let number = 1
  if (bare) {
    socket.on('raw', reader.take)
    await new Promise<void>((resolve) => socket.emit('join', sessionId, resolve))
  } else {
    socket.on('chat:events', (frame: ChatFrame) => {
      if (frame.from !== number) throw new Error(`a frame begins at ${frame.from}, not at ${number}`)
      number += frame.events.length
      for (const event of frame.events) if (event.type === 'delta' && event.field === 'text') reader.take(event.text)
    })
    const answer = await new Promise<object>((resolve) => socket.emit('chat:open', { sessionId }, resolve))
    if ('error' in answer) throw new Error(JSON.stringify(answer))
  }
  return { reader, whole }
}

async function watch({ chats, base, bare, words }: Extract<ToClients, { kind: 'watch' }>): Promise<void> {
  const watched = await Promise.all(chats.map((chat) => watchOne(chat, base, bare, words)))
  say({ kind: 'watching' })
  await Promise.all(watched.map(({ whole }) => whole))
  const delays = watched.flatMap(({ reader }) => reader.delays)
  say({ kind: 'heard', delays, lost: watched.reduce((sum, { reader }) => sum + reader.lost(), 0) })
}

async function handle(message: ToClients): Promise<void> {
  if (message.kind === 'connect') {
    const all = await Promise.all(message.cookies.map((cookie) => connect(message.base, cookie)))
    sockets.push(...all.map(({ socket }) => socket))
    say({ kind: 'connected', delays: all.map(({ took }) => took) })
  } else if (message.kind === 'watch') await watch(message)
  else {
    for (const socket of sockets) socket.disconnect()
    sockets = []
    say({ kind: 'left' })
  }
}

process.on('message', (message: ToClients) => void handle(message))
process.on('disconnect', () => process.exit(0))
