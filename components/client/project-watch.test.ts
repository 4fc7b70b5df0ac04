import { describe, expect, it, vi } from 'vitest'
import { onceAtATime } from './again.ts'
import { makeProjectWatch } from './project-watch.ts'

function fakeSocket() {
  const handlers: Record<string, (message: never) => void> = {}
  const sent: string[] = []
  const socket = {
    connected: false,
    on: (name: string, handler: (message: never) => void) => {
      handlers[name] = handler
    },
    emit: (name: string, input: { service: string }) => void sent.push(`${name} ${input.service}`),
  }
  const receive = (name: string, message?: unknown) => handlers[name]?.(message as never)
  return { socket, sent, receive, watch: makeProjectWatch(socket as never) }
}

describe('watching projects', () => {
  it('asks once for each project, and again after every connection', () => {
    const { socket, sent, receive, watch } = fakeSocket()
    const heard = vi.fn()
    watch('one', heard)
    watch('one', vi.fn())
    expect(sent).toEqual([])
    socket.connected = true
    receive('connect')
    receive('connect')
    expect(sent).toEqual(['project:watch one', 'project:watch one'])
    expect(heard).toHaveBeenCalledTimes(2)
  })

  it('hears of its own project alone, until the last one leaves', () => {
    const { socket, sent, receive, watch } = fakeSocket()
    socket.connected = true
    const heard = vi.fn()
    const other = vi.fn()
    const leave = watch('one', heard)
    const leaveToo = watch('one', other)
    receive('project:changed', { service: 'two', kind: 'build' })
    receive('project:changed', { service: 'one', kind: 'build' })
    leave()
    leave()
    receive('project:changed', { service: 'one', kind: 'build' })
    leaveToo()
    expect(heard).toHaveBeenCalledTimes(1)
    expect(other).toHaveBeenCalledTimes(2)
    expect(sent).toEqual(['project:watch one', 'project:unwatch one'])
  })
})

it('reads the last change, however fast they come, and never twice at once', async () => {
  let value = 0
  let atOnce = 0
  const seen: number[] = []
  const read = onceAtATime(async () => {
    expect(++atOnce).toBe(1)
    const now = value
    await Promise.resolve()
    seen.push(now)
    atOnce--
    if (seen.length === 2) throw new Error('lost')
  }, 1)
  for (value = 1; value < 50; value++) read()
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(1), { timeout: 60_000 })
  value = 99
  read()
  await vi.waitFor(() => expect(seen.at(-1)).toBe(99), { timeout: 60_000 })
})
