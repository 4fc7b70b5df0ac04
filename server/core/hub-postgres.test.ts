import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { emptyDatabase } from '@/server/testing/database.ts'
import { execute } from '@/server/testing/scratch-postgres.ts'
import { until } from '@/server/testing/until.ts'
import { type Hub, resyncHint } from './hub.ts'
import { openPostgresHub, packPayloads } from './hub-postgres.ts'

type Hint = Record<string, unknown>

let database: Awaited<ReturnType<typeof emptyDatabase>>
const hubs: Hub[] = []
const openHub = async () => {
  const hub = await openPostgresHub(database.url)
  hubs.push(hub)
  return hub
}
const heard = (hub: Hub, topic: string) => {
  const hints: Hint[] = []
  hub.subscribe(topic, (hint) => hints.push(hint))
  return hints
}

beforeAll(async () => {
  database = await emptyDatabase()
})
afterEach(() => Promise.all(hubs.splice(0).map((hub) => hub.close())))
afterAll(() => database.drop())

const cutConnections = () =>
  execute(
    database.url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )

describe('the hub', () => {
  it('is heard in its own process at once and once, elsewhere soon', async () => {
    const [here, there] = [await openHub(), await openHub()]
    const [local, remote] = [heard(here, 'a'), heard(there, 'a')]
    here.publish('a', { nextSeq: 7, closed: false })
    expect(local).toEqual([{ nextSeq: 7, closed: false }])
    await until(() => remote.length > 0)
    expect(remote).toEqual([{ nextSeq: 7, closed: false }])
    there.publish('a', { nextSeq: 8, closed: true })
    await until(() => local.length > 1)
    expect(local).toEqual([
      { nextSeq: 7, closed: false },
      { nextSeq: 8, closed: true },
    ])
  })

  it('says nothing of other topics, and nothing after the end of a subscription', async () => {
    const [here, there] = [await openHub(), await openHub()]
    const other = heard(there, 'b')
    const ended: Hint[] = []
    there.subscribe('a', (hint) => ended.push(hint))()
    const marker = heard(there, 'marker')
    here.publish('a', { nextSeq: 1 })
    here.publish('marker', {})
    await until(() => marker.length > 0)
    expect([other, ended]).toEqual([[], []])
  })

  it('joins a flood into few notifications, of which the last counts, without mixing what differs', async () => {
    const [here, there] = [await openHub(), await openHub()]
    const watcher = new Client({ connectionString: database.url })
    let notifications = 0
    watcher.on('notification', () => notifications++)
    await watcher.connect()
    await watcher.query('LISTEN maestro_hub')
    const [local, remote, builds] = [heard(here, 'fast'), heard(there, 'fast'), heard(there, 'project:p')]
    for (let i = 1; i <= 50_000; i++) {
      here.publish('fast', { nextSeq: i })
      if (i % 5_000 === 0) await new Promise(setImmediate)
    }
    for (let number = 1; number <= 300; number++) here.publish('project:p', { kind: 'build', number })
    await until(() => remote.at(-1)?.nextSeq === 50_000 && builds.length === 300)
    expect(local).toHaveLength(50_000)
    expect(notifications).toBeLessThan(60)
    expect(remote.length).toBeLessThan(50)
    expect(new Set(builds.map(({ number }) => number)).size).toBe(300)
    await watcher.end()
  })

  it('comes back when its backend is killed, tells everybody to read again, and loses nothing said later', async () => {
    const [here, there] = [await openHub(), await openHub()]
    const remote = heard(there, 'a')
    for (let round = 1; round <= 3; round++) {
      await cutConnections()
      here.publish('a', { nextSeq: round })
      await until(() => remote.some((hint) => 'resync' in hint))
      await until(() => {
        here.publish('a', { nextSeq: 100 + round })
        return remote.some(({ nextSeq }) => nextSeq === 100 + round)
      })
      remote.length = 0
    }
  })

  it('lets no listener keep the others from hearing', async () => {
    const hub = await openHub()
    hub.subscribe('a', () => {
      throw new Error('a bad listener')
    })
    const hints = heard(hub, 'a')
    hub.publish('a', { nextSeq: 1 })
    expect(hints).toEqual([{ nextSeq: 1 }])
  })

  it('is refused in words where there is no database', async () => {
    await expect(openPostgresHub('postgresql://postgres@127.0.0.1:1/none')).rejects.toThrow('ECONNREFUSED')
  })
})

describe('packing', () => {
  it('keeps each notification under its bound, whatever the script', () => {
    const entries = Array.from({ length: 500 }, (_, i) => [`topic-${i}`, { word: '한글🙂'.repeat(i % 40) }] as const)
    const payloads = packPayloads('me', entries)
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8_000)
    expect(payloads.flatMap((payload) => JSON.parse(payload).said)).toEqual(entries)
  })

  it('turns a hint that is too long into a call to read again', () => {
    const [payload = ''] = packPayloads('me', [['a', { text: 'x'.repeat(5_000) }]])
    expect(JSON.parse(payload).said).toEqual([['a', resyncHint]])
  })
})
