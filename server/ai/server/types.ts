import type { KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import type { Logger } from 'pino'
import type { Clock } from '@/server/core/clock.ts'
import type { TlsFiles } from '@/server/core/tls.ts'

/** A key that requests are sealed for. `kid` is its JWK thumbprint (RFC 7638), which callers pin. */
export interface ServerKey {
  kid: string
  key: KeyObject
  /** Its public half, as the key set shows it. */
  jwk: JWK
}

/** Those who may ask at this moment: public Ed25519 keys by thumbprint. */
export type Callers = () => Promise<ReadonlyMap<string, KeyObject>>

/** Where and how the AI server listens. Without TLS it listens on loopback alone. */
export interface Listening {
  host: string
  /** 0 takes any free port. */
  port: number
  tls?: TlsFiles
}

export interface AiServerOptions {
  /** The Messages API, and the key that pays for it. */
  upstream: { baseUrl: string; apiKey: string }
  /** The first is the one to seal for; the others still open what was sealed for them. */
  keys: readonly ServerKey[]
  callers: Callers
  listen: Listening
  clock: Clock
  log: Logger
  /** Bounds other than the usual ones; for tests. */
  bounds?: Partial<Bounds>
}

/** What keeps this process small whatever is sent to it. */
export interface Bounds {
  /** Nonces that are remembered; while there is no room for more, requests are refused. */
  nonces: number
  /** Projects and budgets that are counted. */
  tallies: number
  /** Requests that are opened at once, and those that wait for it. */
  opening: number
  waiting: number
  /** Bytes of requests that are held before they are opened. */
  heldBytes: number
  /** How often one request is sent to a busy model again, and how long all the waiting may take. */
  retries: number
  waitingMs: number
}

export interface AiServer {
  /** Without a trailing slash. */
  url: string
  /** Thumbprint of the key to seal for. */
  kid: string
  /** That key's public half. */
  jwk: JWK
  /** Ends it; open answers are left this long to come to their end, by default not at all. */
  stop(drainMs?: number): Promise<void>
}
