import { expect, it } from 'vitest'
import { makeChatDesk } from './chat-socket.ts'
import type { ChatListener } from './chat-store.ts'

type Answer = (lost: Error | null, answer?: object) => void

/** A socket that keeps what was said into it. */
function wire() {
  const handlers = new Map<string, (...given: never[]) => void>()
  const said: { event: string; answer: Answer | undefined }[] = []
  const emit = (event: string, ...given: unknown[]) =>
    said.push({ event, answer: given.find((one): one is Answer => typeof one === 'function') })
  const socket = {
    ...{ connected: true, emit, connect: () => undefined, timeout: () => ({ emit }) },
    on: (event: string, handler: (...given: never[]) => void) => handlers.set(event, handler),
  }
  const hear = (event: string, ...given: unknown[]) => handlers.get(event)?.(...(given as never[]))
  return { desk: makeChatDesk(socket as never), socket, said, hear, opens: () => said.filter(({ event }) => event === 'chat:open') }
}

function listening() {
  const heard: string[] = []
  const note = (word: string) => () => void heard.push(word)
  const listener: ChatListener = {
    ...{ opened: note('opened'), frame: note('frame'), offline: note('offline') },
    ...{ changed: (kind) => void heard.push(kind), failed: ({ code }) => void heard.push(code) },
  }
  return { heard, listener }
}

it('asks the server once for all that show a conversation', async () => {
  const { desk, said, opens } = wire()
  const [first, second, late] = [listening(), listening(), listening()]
  const close = [desk.open('one', first.listener), desk.open('one', second.listener)]
  opens()[0]?.answer?.(null, { ok: true })
  expect([first.heard, second.heard]).toEqual([['opened'], ['opened']])
  close.push(desk.open('one', late.listener))
  await Promise.resolve()
  expect(late.heard).toEqual(['opened'])
  expect(first.heard).toEqual(['opened'])
  expect(opens()).toHaveLength(1)
  for (const end of close) end()
  expect(said.map(({ event }) => event)).toEqual(['chat:open', 'chat:close'])
})

it('opens again after each connection; an answer from before it is nobody’s', () => {
  const { desk, socket, hear, opens } = wire()
  const { heard, listener } = listening()
  desk.open('one', listener)
  socket.connected = false
  hear('disconnect', 'transport close')
  socket.connected = true
  hear('connect')
  opens()[0]?.answer?.(new Error('timeout'))
  expect(opens()).toHaveLength(2)
  opens()[1]?.answer?.(null, { ok: true })
  expect(heard).toEqual(['offline', 'opened'])
})

it('asks again for one that was refused, and for one whose answer was lost', () => {
  const { desk, opens } = wire()
  const [first, second] = [listening(), listening()]
  desk.open('one', first.listener)
  opens()[0]?.answer?.(null, { error: { code: 'NOT_FOUND', message: '' } })
  expect(first.heard).toEqual(['NOT_FOUND'])
  desk.open('one', second.listener)
  opens()[1]?.answer?.(new Error('timeout'))
  opens()[2]?.answer?.(null, { ok: true })
  expect(second.heard).toEqual(['opened'])
})
