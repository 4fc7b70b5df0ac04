import type { WrittenFile } from '../code.ts'

/** Files that every app has alike. */

const server = `import { serve } from '@hono/node-server'
import { collections, createApp } from './src/app.js'
import { openStore } from './src/store.js'

const store = await openStore(process.env.DATA_DIR ?? 'data', collections)
const app = createApp(store, { log: console.log })
const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(\`Listening on port \${port}\`)
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => store.idle().then(() => process.exit(0)))
    setTimeout(() => process.exit(0), 3000).unref()
  })
}
`

const errors = `/** Something the app does not do, in words for the person who asked; \`status\` is the HTTP status of the answer. */
export class Refused extends Error {
  constructor(message, { status = 400, field, conflict } = {}) {
    super(message)
    this.name = 'Refused'
    this.status = status
    this.field = field
    this.conflict = conflict
  }

  /** The body of the answer. */
  toJSON() {
    return { error: { message: this.message, field: this.field, conflict: this.conflict } }
  }
}
`

const http = `import { Refused } from './errors.js'
import { say } from './messages.js'

/** The request's body as JSON; refuses what is not JSON. */
export async function readJson(c) {
  try {
    return await c.req.json()
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused(say.notJson)
    throw error
  }
}

/** The page comes from here alone, and nothing inline runs on it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** Sets the headers that protect the page. */
export async function protect(c, next) {
  await next()
  c.header('Content-Security-Policy', policy)
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Referrer-Policy', 'no-referrer')
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-cache')
}

/** Writes one line for each request but the health checks. */
export function logTo(log) {
  return async (c, next) => {
    const start = performance.now()
    await next()
    if (c.req.path !== '/healthz') log(\`\${c.req.method} \${c.req.path} \${c.res.status} \${Math.round(performance.now() - start)}ms\`)
  }
}
`

const store = `import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Refused } from './errors.js'
import { say } from './messages.js'

/** Reads \`data.json\` in \`directory\`, or starts with no records; an unreadable file stops the start rather than being overwritten. */
export async function openStore(directory, collections) {
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'data.json')
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  const empty = Object.fromEntries(collections.map((name) => [name, []]))
  return new Store(file, { ...empty, ...JSON.parse(text) })
}

/** All records, kept in memory and in one file. Changes run one after another, and each is on disk before it is seen. */
class Store {
  #file
  #data
  #last = Promise.resolve()

  constructor(file, data) {
    this.#file = file
    this.#data = data
  }

  /** The records of a collection, oldest first; not to be changed. */
  all(collection) {
    return this.#data[collection]
  }

  /** Runs \`work\` on a copy of the data and keeps what it did; when it throws, or the disk fails, nothing has changed. */
  change(work) {
    const run = this.#last.then(async () => {
      const draft = structuredClone(this.#data)
      const result = work(draft)
      await this.#write(JSON.stringify(draft))
      this.#data = draft
      return result
    })
    this.#last = run.catch(() => {})
    return run
  }

  /** Settles when every change so far is on disk or refused. */
  idle() {
    return this.#last
  }

  /** A reader, or a crash, meets the old file or the new one, never a half. */
  async #write(text) {
    const temporary = \`\${this.#file}.tmp\`
    const handle = await open(temporary, 'w')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, this.#file)
  }
}

/** The record with this id; throws a 404 when there is none. */
export function find(records, id) {
  const record = records.find((one) => one.id === id)
  if (!record) throw new Refused(say.notFound, { status: 404 })
  return record
}

/** Adds a record with an id and the time to a collection of a draft. */
export function add(data, collection, values) {
  const record = { id: randomUUID(), createdAt: new Date().toISOString(), ...values }
  data[collection].push(record)
  return record
}

/** Takes the records that \`matches\` out of a collection of a draft. */
export function remove(data, collection, matches) {
  data[collection] = data[collection].filter((record) => !matches(record))
}
`

const listing = `/** Whether a value, or one of a list's, is the one asked for; nothing asked for holds for all. */
export function holds(value, wanted) {
  if (wanted === undefined || wanted === '') return true
  return Array.isArray(value) ? value.includes(wanted) : String(value) === wanted
}

const plain = (text) => String(text ?? '').normalize('NFC').toLowerCase()

/** Whether one of the values has the text in it, in capital letters or small ones. */
export function contains(values, text) {
  const wanted = plain(text).trim()
  return wanted === '' || values.flat().some((value) => plain(value).includes(wanted))
}

const collator = new Intl.Collator(undefined, { numeric: true })

function compare(a, b) {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b)
  return Number(a) - Number(b)
}

/** Sorted by each \`[value of a record, 'asc' | 'desc']\` in turn; what is empty comes last, and equal ones keep the order they were added in. */
export function sorted(records, ...keys) {
  const sign = (direction) => (direction === 'desc' ? -1 : 1)
  const places = new Map(records.map((record, place) => [record, place]))
  return [...records].sort((a, b) => {
    for (const [valueOf, direction] of keys) {
      const [left, right] = [valueOf(a), valueOf(b)]
      if (left === null || right === null) {
        if (left !== right) return left === null ? 1 : -1
        continue
      }
      const order = compare(left, right) * sign(direction)
      if (order !== 0) return order
    }
    return (places.get(a) - places.get(b)) * sign(keys.at(-1)?.[1])
  })
}

/** One page of a list, and how many there are in all; no \`pageSize\` gives them all. */
export function paged(records, page, pageSize = Math.max(records.length, 1)) {
  const number = /^\\d{1,9}$/.test(page ?? '') ? Math.max(Number(page), 1) : 1
  const items = records.slice((number - 1) * pageSize, number * pageSize)
  return { items, total: records.length, page: number, pageSize }
}
`

const sums = `
/** The sum of a number over records; decimals add up as people write them. */
export function sumOf(records, valueOf) {
  return Number(records.reduce((sum, record) => sum + (valueOf(record) ?? 0), 0).toFixed(6))
}
`

/** The files that do not depend on what the app is about. */
export function baseFiles(withSums: boolean): WrittenFile[] {
  return [
    { path: 'server.js', content: server },
    { path: 'src/errors.js', content: errors },
    { path: 'src/http.js', content: http },
    { path: 'src/store.js', content: store },
    { path: 'src/listing.js', content: withSums ? listing + sums : listing },
  ]
}
