import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '@/server/core/clock.ts'
import type { Upstream } from '../service.ts'

/** Why a service's host gives no answer of the service itself. */
export type Trouble = 'unknown' | 'undeployed' | 'stopped' | 'starting' | 'down' | 'broken' | 'slow' | 'ended' | 'elsewhere'

/** Who really asks, as far as this server knows. */
export interface Caller {
  address: string
  protocol: 'http' | 'https'
  host: string
}

/** What the proxy is made of. */
export interface ProxyOptions {
  /** Looks a service up. */
  upstreamFor(slug: string): Promise<Upstream>
  clock: Clock
  /** As browsers reach this server; behind a proxy that ends HTTPS the connection itself does not tell. */
  protocol: 'http' | 'https'
  /** How long a request waits while its service is being switched or started again. */
  holdMs?: number
  /** How long an app may take until its answer begins; the answer itself has no limit. */
  answerMs?: number
}

/** Passes what comes for a service on to it. */
export interface ServiceProxy {
  web(slug: string, request: IncomingMessage, response: ServerResponse): void
  upgrade(slug: string, request: IncomingMessage, socket: Duplex, head: Buffer): void
}
