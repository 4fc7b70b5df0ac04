import { describe, expect, it } from 'vitest'
import type { Chunk } from '@/server/streams/schema.ts'
import { until } from '@/server/testing/until.ts'
import { makeStreamStore, type StreamListener, type StreamSource } from './stream-store.ts'

const segmentLines = 100
class Refusal extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}
const toError = (error: unknown) => ({ code: (error as Refusal).code ?? 'OFFLINE', message: String(error) })

/** A server with a stream of `total` lines in segments of 100, which notes what it was asked. */
function fakeServer(total: number) {
  const state = { total, listener: null as StreamListener | null, reads: [] as number[], indexes: 0, opened: 0, failures: [] as Error[] }
  const head = () => ({ streamId: 's', nextSeq: state.total + 1, closed: false })
  const chunkAt = (segment: number): Chunk => ({
    ...{ firstSeq: segment * segmentLines + 1, count: segmentLines, tag: segment % 2 ? 'odd' : 'even', at: '2026-01-01T00:00:00.000Z' },
    text: Array.from({ length: segmentLines }, (_, i) => `line ${segment * segmentLines + i + 1}`).join('\n'),
  })
  const fail = () => {
    const error = state.failures.shift()
    if (error) throw error
  }
  const source: StreamSource = {
    open(listener) {
      state.listener = listener
      state.opened++
      return () => {
        state.listener = null
      }
    },
    async read({ from, limit, tag }) {
      state.reads.push(from)
      fail()
      const chunks: Chunk[] = []
      for (let segment = Math.floor((from - 1) / segmentLines); segment * segmentLines < state.total; segment++) {
        if (chunks.length * segmentLines >= limit) break
        const one = chunkAt(segment)
        if (!tag || one.tag === tag) chunks.push(one)
      }
      return { head: head(), chunks }
    },
    async index({ after, tag }) {
      state.indexes++
      fail()
      const all = Array.from({ length: state.total / segmentLines }, (_, i) => chunkAt(i)).filter(
        (one) => one.firstSeq > after && (!tag || one.tag === tag),
      )
      const page = all.slice(0, 50)
      return { head: head(), segments: page, next: all.length > 50 ? (page.at(-1)?.firstSeq ?? 0) : null }
    },
  }
  return { state, source, head, chunkAt, opened: () => state.listener?.opened(head()) }
}

describe('the store', () => {
  it('knows a million lines and loads what is on the screen, nothing else', async () => {
    const server = fakeServer(1_000_000)
    const store = makeStreamStore(server.source, { toError })
    let changes = 0
    const end = store.subscribe(() => changes++)
    expect(store.getSnapshot()).toMatchObject({ total: 0, state: 'connecting' })
    server.opened()
    expect(store.getSnapshot()).toMatchObject({ total: 1_000_000, state: 'live' })
    store.getSnapshot().ensure(700_000, 700_050)
    await until(() => store.getSnapshot().lineAt(700_049))
    expect(store.getSnapshot().lineAt(700_000)).toMatchObject({ seq: 700_001, text: 'line 700001' })
    expect(server.state.reads.length).toBeLessThanOrEqual(2)
    expect(server.state.reads.every((from) => from > 699_000 && from < 702_000)).toBe(true)
    expect(changes).toBeGreaterThan(0)
    end()
    expect(server.state.listener).toBeNull()
  })

  it('gives the same picture until something changed', () => {
    const server = fakeServer(100)
    const store = makeStreamStore(server.source, { toError })
    store.subscribe(() => undefined)
    server.opened()
    const before = store.getSnapshot()
    expect(store.getSnapshot()).toBe(before)
    server.state.listener?.more({ head: { streamId: 's', nextSeq: 201, closed: true } })
    expect(store.getSnapshot()).not.toBe(before)
    expect(store.getSnapshot()).toMatchObject({ total: 200, closed: true })
  })

  it('skips the ranges that scrolled by', async () => {
    const server = fakeServer(1_000_000)
    const store = makeStreamStore(server.source, { toError })
    store.subscribe(() => undefined)
    server.opened()
    for (let start = 0; start < 900_000; start += 3_000) store.getSnapshot().ensure(start, start + 50)
    await until(() => store.getSnapshot().lineAt(897_000))
    expect(server.state.reads.length).toBeLessThan(5)
  })

  it('loads the line a link points to before anything else', async () => {
    const server = fakeServer(1_000_000)
    const store = makeStreamStore(server.source, { toError, from: 123_456 })
    store.subscribe(() => undefined)
    store.getSnapshot().ensure(0, 50)
    server.opened()
    await until(() => store.getSnapshot().lineAt(49) && store.getSnapshot().lineAt(123_455))
    expect(server.state.reads[0]).toBe(123_456)
  })

  it('pages through the index of a stage, then goes on live without it', async () => {
    const server = fakeServer(20_000)
    const store = makeStreamStore(server.source, { toError, tag: 'odd' })
    store.subscribe(() => undefined)
    server.opened()
    await until(() => store.getSnapshot().total === 10_000 && store.getSnapshot().state === 'live')
    expect(server.state.indexes).toBe(2)
    server.state.total = 20_200
    server.state.listener?.more({ head: server.head(), chunk: server.chunkAt(200) })
    server.state.listener?.more({ head: server.head(), chunk: server.chunkAt(201) })
    await until(() => store.getSnapshot().total === 10_100)
    expect(store.getSnapshot().lineAt(10_099)).toMatchObject({ seq: 20_200 })
  })

  it('says when the socket is away, keeps what it has, and catches up afterwards', async () => {
    const server = fakeServer(200)
    const store = makeStreamStore(server.source, { toError })
    store.subscribe(() => undefined)
    server.opened()
    store.getSnapshot().ensure(0, 200)
    await until(() => store.getSnapshot().lineAt(199))
    server.state.listener?.offline()
    expect(store.getSnapshot()).toMatchObject({ state: 'offline', total: 200 })
    expect(store.getSnapshot().lineAt(199)?.text).toBe('line 200')
    server.state.total = 400
    server.opened()
    store.getSnapshot().ensure(300, 400)
    await until(() => store.getSnapshot().lineAt(399))
    expect(store.getSnapshot().state).toBe('live')
  })

  it('asks again after a bad moment, and not after a refusal', async () => {
    const server = fakeServer(1_000)
    server.state.failures = [new Refusal('OFFLINE'), new Refusal('INTERNAL')]
    const store = makeStreamStore(server.source, { toError })
    store.subscribe(() => undefined)
    server.opened()
    store.getSnapshot().ensure(0, 10)
    await until(() => store.getSnapshot().lineAt(0))
    expect(server.state.reads.length).toBe(3)
    server.state.failures = [new Refusal('FORBIDDEN')]
    store.getSnapshot().ensure(900, 1_000)
    const refused = fakeServer(1_000)
    refused.state.failures = [new Refusal('FORBIDDEN')]
    const other = makeStreamStore(refused.source, { toError })
    other.subscribe(() => undefined)
    refused.opened()
    other.getSnapshot().ensure(0, 10)
    await until(() => other.getSnapshot().state === 'failed')
    other.getSnapshot().ensure(0, 20)
    expect(other.getSnapshot().error?.code).toBe('FORBIDDEN')
    expect(refused.state.reads.length).toBe(1)
  })

  it('shares one subscription among its listeners', () => {
    const server = fakeServer(100)
    const store = makeStreamStore(server.source, { toError })
    const ends = [store.subscribe(() => undefined), store.subscribe(() => undefined)]
    expect(server.state.opened).toBe(1)
    ends[0]?.()
    expect(server.state.listener).not.toBeNull()
    ends[1]?.()
    expect(server.state.listener).toBeNull()
    store.subscribe(() => undefined)
    expect(server.state.opened).toBe(2)
  })
})
