import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { type EmbeddedPostgres, startPostgres, stopPostgres } from '@/server/embedded/postgres/postgres.ts'

const prefix = 'maestro-scratch-'

/** Ends and removes what earlier runs left behind when they were killed; the name carries the owner's pid. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(prefix) && Number(name.slice(prefix.length).split('-')[0])
    if (!owner || existsSync(`/proc/${owner}`)) continue
    await stopPostgres(join(tmpdir(), name)).catch(() => undefined)
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
  }
}

/** A PostgreSQL for a test run or a tool, in a directory that is gone afterwards. */
export async function scratchPostgres(): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  await sweep()
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  await chmod(directory, 0o711)
  const postgres = await startPostgres(directory, { durable: false, settings: { max_connections: '300', shared_buffers: '64MB' } })
  const stop = async () => {
    await postgres.stop()
    await rm(directory, { recursive: true, force: true })
  }
  return { url: postgres.url, stop }
}

/** The same server's connection string for another database. */
export function databaseUrl(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

/** Runs one statement over a connection of its own; for statements that allow no transaction. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
