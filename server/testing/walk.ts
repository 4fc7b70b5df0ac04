import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import * as zlib from 'node:zlib'
import type { PoolClient } from 'pg'
import { needlesOf, type Plant } from './plants.ts'

/** Where something was found: a table's column, or a file. */
export interface Found {
  where: string
  what: string
}

type Expand = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer
const expand: readonly Expand[] = [
  zlib.gunzipSync,
  zlib.inflateSync,
  zlib.inflateRawSync,
  zlib.brotliDecompressSync,
  ...Object.entries(zlib).flatMap(([name, work]) => (name === 'zstdDecompressSync' ? [work as Expand] : [])),
]

/** Bytes as they are, and what comes of them where they are compressed; of a text that is base64, the same once more. */
function* readings(bytes: Buffer): Generator<Buffer> {
  yield bytes
  for (const work of expand) {
    try {
      yield work(bytes, { maxOutputLength: 64 * 1024 * 1024 })
    } catch {
      // They are not compressed this way.
    }
  }
  const text = bytes.length < 1_000_000 ? bytes.toString('latin1') : ''
  if (/^[\w+/-]{60,}={0,2}$/.test(text)) yield* readings(Buffer.from(text, 'base64'))
}

/** Looks for plants in heaps of bytes. */
export function searcher(plants: readonly Plant[]) {
  const needles = [...needlesOf(plants).values()]
  return (where: string, heap: readonly Buffer[]): Found[] => {
    const found = new Set<string>()
    for (const bytes of heap)
      for (const reading of readings(bytes))
        for (const needle of needles) if (reading.includes(needle)) found.add(needle.toString('utf8').slice(0, 80))
    return [...found].map((what) => ({ where, what }))
  }
}

type Database = Pick<PoolClient, 'query'>

interface Column {
  table: string
  column: string
  type: string
}

/** Every column of every table that holds anything of ours. */
export async function columnsOf(pool: Database): Promise<Column[]> {
  const { rows } = await pool.query<Column>(
    `SELECT c.table_name AS table, c.column_name AS column, c.data_type AS type FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema') AND t.table_type = 'BASE TABLE' ORDER BY 1, 2`,
  )
  return rows
}

/** Walks the whole database, or one table of it, column by column. */
export async function walkDatabase(pool: Database, plants: readonly Plant[], only?: string): Promise<Found[]> {
  const search = searcher(plants)
  const found: Found[] = []
  for (const { table, column, type } of await columnsOf(pool)) {
    if (only !== undefined && table !== only) continue
    const value = type === 'bytea' ? `"${column}"` : `"${column}"::text`
    const { rows } = await pool.query<{ value: Buffer | string }>(`SELECT ${value} AS value FROM "${table}" WHERE "${column}" IS NOT NULL`)
    const values = rows.map((row) => Buffer.from(row.value as string))
    // Texts are joined: what nobody compresses need not be looked at one by one.
    const heap = type === 'bytea' ? values : [Buffer.from(values.join('\n')), ...values.filter((bytes) => bytes.length > 60)]
    found.push(...search(`${table}.${column}`, heap))
  }
  return found
}

/** Walks a folder, but not what `skip` names by its path in it. */
export async function walkFolder(folder: string, plants: readonly Plant[], skip: (path: string) => boolean = () => false) {
  const search = searcher(plants)
  const found: Found[] = []
  const files: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const shown = relative(folder, path)
    if (!entry.isFile() || skip(shown)) continue
    files.push(shown)
    found.push(...search(shown, [Buffer.from(shown), await readFile(path)]))
  }
  return { found, files }
}
