import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import { type Prisma, PrismaClient } from './generated/prisma/client.ts'
import { registry } from './registry.ts'

/** A transaction of Prisma's, or the client itself: what `data.ts` functions take that may be part of something larger. */
export type Tx = Prisma.TransactionClient

/** Opens the one pool of a process and a Prisma client that draws from it. */
export function openDatabase(url: string, maxConnections = 12): { pool: Pool; db: PrismaClient } {
  const pool = new Pool({ connectionString: url, max: maxConnections })
  // A server that restarts ends idle connections; the pool makes new ones, so this must not end the process.
  pool.on('error', () => undefined)
  return { pool, db: new PrismaClient({ adapter: new PrismaPg(pool) }) }
}

/** The process's Prisma client; only `data.ts` files may call this. */
export const db = (): PrismaClient => registry('db')

/** The process's pool, for the few hot paths that speak SQL themselves; only `data.ts` files may call this. */
export const pool = (): Pool => registry('pool')
