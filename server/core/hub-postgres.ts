import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { type Hub, resyncHint } from './hub.ts'
import { logger } from './logger.ts'

type Hint = Record<string, unknown>
type Entry = readonly [topic: string, hint: Hint]
type Listener = (hint: Hint) => void

const channel = 'maestro_hub'
// PostgreSQL takes 8,000 bytes a notification; the rest is for the envelope.
const payloadBytes = 7_600
const hintBytes = 4_096
const pendingLimit = 10_000
/** While there is always something to say, it is said this often: a fast stream costs 100 notifications a second, not thousands. */
const pauseMs = 10
const backoffMs = [50, 100, 250, 500, 1_000, 2_000, 5_000] as const
const probeEveryMs = 10_000
const connectMs = 5_000
/** Nothing asks again for the first connection, without which the process does not start: a machine that is busy just then has longer. */
const firstConnectMs = 30_000

/** Two hints of one topic replace each other unless they speak of different things (`kind` and `number`). */
const coalescingKey = (topic: string, hint: Hint) => `${topic}\n${hint.kind ?? ''}\n${hint.number ?? ''}`

/** Packs entries into as few notifications as their size allows. */
export function packPayloads(origin: string, entries: readonly Entry[], limit = payloadBytes): string[] {
  const payloads: string[] = []
  let parts: string[] = []
  let size = 0
  const flush = () => {
    if (parts.length > 0) payloads.push(`{"from":"${origin}","said":[${parts.join(',')}]}`)
    parts = []
    size = 0
  }
  for (const [topic, hint] of entries) {
    const full = JSON.stringify([topic, hint])
    const text = Buffer.byteLength(full) > hintBytes ? JSON.stringify([topic, resyncHint]) : full
    const bytes = Buffer.byteLength(text) + 1
    if (size + bytes > limit) flush()
    parts.push(text)
    size += bytes
  }
  flush()
  return payloads
}

/** The local half: who listens to what. A listener that throws is logged and does not keep the others from hearing. */
function makeListeners() {
  const topics = new Map<string, Set<Listener>>()
  const tell = (listener: Listener, topic: string, hint: Hint) => {
    try {
      listener(hint)
    } catch (err) {
      logger.error({ err, topic }, 'a hub listener failed')
    }
  }
  return {
    deliver(topic: string, hint: Hint) {
      for (const listener of [...(topics.get(topic) ?? [])]) tell(listener, topic, hint)
    },
    resync() {
      for (const [topic, listeners] of [...topics]) for (const listener of [...listeners]) tell(listener, topic, resyncHint)
    },
    add(topic: string, listener: Listener) {
      // A wrapper of its own, so that one function subscribed twice is two subscriptions.
      const own: Listener = (hint) => listener(hint)
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners.add(own))
      return () => {
        listeners.delete(own)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
  }
}

/**
 * A hub over LISTEN and NOTIFY, on one connection of its own. Local listeners hear in the same tick; other processes a few
 * milliseconds later. A lost connection is made again with backoff, then every listener is told to read again.
 * @throws Error when the first connection cannot be made
 */
export async function openPostgresHub(url: string): Promise<Hub> {
  const origin = randomUUID()
  const listeners = makeListeners()
  const pending = new Map<string, Entry>()
  let client: Client | null = null
  let closed = false
  let draining = false
  let retry: NodeJS.Timeout | undefined

  const onNotification = (payload: string | undefined) => {
    try {
      const { from, said } = JSON.parse(payload ?? '') as { from: string; said: Entry[] }
      if (from !== origin) for (const [topic, hint] of said) listeners.deliver(topic, hint)
    } catch (err) {
      logger.warn({ err }, 'a notification could not be read')
    }
  }

  async function connect(withinMs: number): Promise<void> {
    const made = new Client({ connectionString: url, keepAlive: true, query_timeout: 5_000, connectionTimeoutMillis: withinMs })
    const lost = () => {
      if (client !== made) return
      client = null
      made.end().catch(() => undefined)
      reconnect(0)
    }
    made.on('error', lost)
    made.on('end', lost)
    made.on('notification', (message) => onNotification(message.payload))
    try {
      await made.connect()
      // A hint that is lost in a crash is one that nobody was left to hear, so none waits for the disk.
      await made.query(`SET synchronous_commit TO off; LISTEN ${channel}`)
    } catch (error) {
      made.end().catch(() => undefined)
      throw error
    }
    if (closed) return void made.end().catch(() => undefined)
    client = made
    void drain()
  }

  function reconnect(attempt: number): void {
    if (closed) return
    retry = setTimeout(
      () => {
        connect(connectMs).then(
          () => listeners.resync(),
          () => reconnect(attempt + 1),
        )
      },
      backoffMs[Math.min(attempt, backoffMs.length - 1)],
    )
  }

  async function say(over: Client, entries: Entry[]): Promise<void> {
    try {
      await over.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [channel, packPayloads(origin, entries)])
    } catch {
      // Said again after the reconnect, unless something newer was said meanwhile.
      for (const [topic, hint] of entries) {
        const key = coalescingKey(topic, hint)
        if (!pending.has(key)) pending.set(key, [topic, hint])
      }
      over.emit('error', new Error('a notification could not be sent'))
    }
  }

  async function drain(): Promise<void> {
    if (draining) return
    draining = true
    while (client && !closed && pending.size > 0) {
      const entries = [...pending.values()]
      pending.clear()
      await say(client, entries)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    draining = false
  }

  await connect(firstConnectMs)
  // A connection that died silently shows itself here, not at the next hint that never comes.
  const probe = setInterval(
    () => void client?.query('SELECT 1').catch(() => client?.emit('error', new Error('the hub was silent'))),
    probeEveryMs,
  )
  probe.unref()

  return {
    publish(topic, hint) {
      if (closed) return
      const key = coalescingKey(topic, hint)
      pending.delete(key)
      pending.set(key, [topic, hint])
      const oldest = pending.keys().next()
      if (pending.size > pendingLimit && !oldest.done) pending.delete(oldest.value)
      listeners.deliver(topic, hint)
      queueMicrotask(() => void drain())
    },
    subscribe: (topic, listener) => listeners.add(topic, listener),
    async close() {
      closed = true
      clearTimeout(retry)
      clearInterval(probe)
      const last = client
      client = null
      if (last && pending.size > 0) await say(last, [...pending.values()])
      await last?.end().catch(() => undefined)
    },
  }
}
