import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isLoopback } from '@/server/core/address.ts'
import { followPair, readPair, secureOptions } from '@/server/core/tls.ts'
import type { Listening } from './types.ts'

/** Longer than a caller keeps a connection that it does not use, so that none is closed under a request. */
const keepAliveTimeoutMs = 75_000
/** For the head of a request, and for all of it; answers take as long as they take. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 120_000, connectionsCheckingInterval: 5_000 }

/** Whether nobody beyond this machine reaches what listens there. */
export const isLocal = (host: string): boolean => host === 'localhost' || isLoopback(host)

function serverFor({ host, tls }: Listening, answer: RequestListener): { server: Server; follow(): () => void } {
  const options = { ...timeouts, keepAliveTimeout: keepAliveTimeoutMs, noDelay: true }
  if (tls) {
    const pair = readPair(tls)
    const server: TlsServer = createTlsServer({ ...options, ...secureOptions(pair) }, answer)
    return { server, follow: () => followPair(server, tls, pair) }
  }
  if (!isLocal(host)) {
    throw new Error(
      `AI_SERVER_HOST is ${host}, but plain HTTP is for this machine alone: set AI_SERVER_TLS_CERT_FILE and AI_SERVER_TLS_KEY_FILE.`,
    )
  }
  return { server: createServer(options, answer), follow: () => () => undefined }
}

/**
 * Listens, beyond this machine over TLS alone; a renewed certificate is taken up while it runs.
 * @throws Error in one sentence
 */
export async function listenOn(listen: Listening, answer: RequestListener): Promise<{ url: string; stop(drainMs: number): Promise<void> }> {
  const { server, follow } = serverFor(listen, answer)
  const { host } = listen
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = new Error(`Port ${listen.port} is in use by another program: choose another one with AI_SERVER_PORT.`)
      reject(error.code === 'EADDRINUSE' ? inUse : error)
    })
    server.listen(listen.port, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const unfollow = follow()
  return {
    url: `${listen.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    stop: (drainMs) =>
      new Promise((resolve) => {
        unfollow()
        server.close(() => resolve())
        if (drainMs > 0) setTimeout(() => server.closeAllConnections(), drainMs).unref()
        else server.closeAllConnections()
      }),
  }
}
