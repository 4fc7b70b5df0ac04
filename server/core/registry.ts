import type { Inngest } from 'inngest'
import type { Pool } from 'pg'
import type { Server as SocketServer } from 'socket.io'
import type { AiLink } from './ai-link.ts'
import type { Clock } from './clock.ts'
import type { Drawing } from './drawing.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import type { Hub } from './hub.ts'
import type { Live } from './live.ts'
import type { Mailbox } from './mailbox.ts'
import type { MasterKeys } from './master-keys.ts'
import type { ObjectStore } from './objects.ts'

/** What one process has exactly once. `main.ts` makes these; Next's bundle, loaded beside it, only reads them. */
export interface Registry {
  pool: Pool
  db: PrismaClient
  hub: Hub
  /** What runs of this process say, as they say it. */
  live: Live
  clock: Clock
  inngest: Inngest.Any
  objects: ObjectStore
  sockets: SocketServer
  /** The identity provider that signs people in: Google, or the stand-in on loopback. */
  identity: { issuer: string; wellKnown: string; clientId: string; clientSecret: string; standIn: boolean } | null
  /** Where mail is handed in; `from` is the sender's address. */
  mail: { url: string; from: string }
  /** What the embedded SMTP server took in; null where a real one stands in its place. */
  mailbox: Mailbox | null
  /** What wraps every other key. */
  masterKeys: MasterKeys
  /** A secret of this platform, 32 bytes, from which others are derived; the same on every node and through every rotation. */
  platformSecret: Buffer
  /** The way to the AI server, and by which key this process is known there. */
  ai: AiLink
  /** True where Inngest's functions are run by the embedded executor, in process. */
  embeddedExecutor: boolean
  /** What the pages that are being drawn have asked so far. */
  drawings: Map<string, Drawing>
  /** What besides the database this server depends on; each throws where it is unwell, with a message that may be shown. */
  checks: Record<string, () => Promise<void>>
}

// A symbol on globalThis, because main.ts and Next each bundle their own copy of this module.
const key = Symbol.for('maestro.registry')
const holder = globalThis as { [key]?: Partial<Registry> }

/** Adds to the registry; a later call replaces single entries (tests do). */
export function register(part: Partial<Registry>): void {
  holder[key] = { ...holder[key], ...part }
}

/**
 * Reads one entry.
 * @throws Error when the process has not made it: a fault of start-up order, never of a user.
 */
export function registry<K extends keyof Registry>(name: K): Registry[K] {
  const value = holder[key]?.[name]
  if (value === undefined) throw new Error(`the registry has no "${name}" in this process`)
  return value as Registry[K]
}

/** The same where a process may do without it: a tool has no hub, for one. */
export function registered<K extends keyof Registry>(name: K): Registry[K] | undefined {
  return holder[key]?.[name]
}
