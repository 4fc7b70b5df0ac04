import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createProxyServer, type ProxyServer } from 'httpxy'
import type { Clock } from '@/server/core/clock.ts'
import type { Upstream } from '../service.ts'
import { type Caller, requestHeaders, responseHeaders } from './headers.ts'
import { refuseUpgrade, sendTrouble, type Trouble } from './pages.ts'

export interface ProxyOptions {
  /** Looks a service up; asked for each connection, so that a switch-over is seen at once. */
  upstreamFor(slug: string): Promise<Upstream>
  clock: Clock
  /** As browsers reach this server; behind a proxy that ends HTTPS the connection itself does not tell. */
  protocol: 'http' | 'https'
  /** How long a request waits while its service is being switched or started again. */
  holdMs?: number
  /** How long an app may take until its answer begins; the answer itself has no limit. */
  answerMs?: number
}

export interface ServiceProxy {
  web(slug: string, request: IncomingMessage, response: ServerResponse): void
  upgrade(slug: string, request: IncomingMessage, socket: Duplex, head: Buffer): void
}

const pollMs = 40

/** Gives out one connection that is open already, so that nothing of a request is sent before somebody is there to take it. */
class OpenConnection extends Agent {
  constructor(private readonly open: Socket) {
    super({ keepAlive: false })
  }
  override createConnection(): Socket {
    return this.open
  }
}

function open(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.off('error', failed)
      resolve(socket)
    })
    const failed = () => resolve(null)
    socket.once('error', failed)
  })
}

/** Finds the app of a service; waits while it is being switched over, or came to its end a moment ago. */
async function reach(slug: string, options: ProxyOptions, gone: () => boolean): Promise<Socket | Trouble> {
  const deadline = options.clock.now() + (options.holdMs ?? 10_000)
  for (;;) {
    const { answer, state, socketPath } = await options.upstreamFor(slug)
    if (answer !== 'forward' && answer !== 'hold') return answer
    const socket = answer === 'forward' ? await open(socketPath) : null
    if (socket) return socket
    if (state === 'DOWN') return 'down'
    if (gone() || options.clock.now() >= deadline) return answer === 'hold' ? 'starting' : 'down'
    await options.clock.sleep(pollMs)
  }
}

const callerOf = (request: IncomingMessage, protocol: Caller['protocol']): Caller => ({
  address: request.socket.remoteAddress ?? '',
  protocol,
  host: request.headers.host ?? '',
})

/** A failed connection is the app's, or the browser's that went away; only the first is worth an answer. */
function listen(proxy: ProxyServer, answerMs: number): void {
  proxy.on('error', (_error, request, response) => {
    if (!request || !response) return
    if ('setHeader' in response) sendTrouble(request, response as ServerResponse, 'broken')
    else response.destroy()
  })
  proxy.on('proxyReq', (call, request, response) => {
    const timer = setTimeout(() => {
      sendTrouble(request, response as ServerResponse, 'slow')
      call.destroy()
    }, answerMs)
    call.once('response', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
  })
  proxy.on('proxyRes', (answer, _request, response) => {
    answer.headers = responseHeaders(answer.headers, false)
    // An answer that breaks off must not look whole; without this the browser would wait for the rest.
    answer.once('close', () => {
      if (!answer.complete) (response as ServerResponse).destroy()
    })
  })
  proxy.on('proxyReqWs', (call) => {
    // These listeners come before the proxy's own, which copy the headers to the browser.
    call.once('upgrade', (answer: IncomingMessage) => {
      answer.headers = responseHeaders(answer.headers, true)
    })
    call.once('response', (answer: IncomingMessage) => {
      answer.headers = responseHeaders(answer.headers, false)
    })
  })
}

/** Passes requests and upgrades on to the sockets of services. Bodies stream both ways. */
export function serviceProxy(options: ProxyOptions): ServiceProxy {
  const proxy = createProxyServer({})
  listen(proxy, options.answerMs ?? 120_000)
  const target = { socketPath: '', host: 'localhost', protocol: 'http:' }

  async function web(slug: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const app = await reach(slug, options, () => response.destroyed)
    if (typeof app === 'string') return sendTrouble(request, response, app)
    if (response.destroyed) return void app.destroy()
    request.headers = requestHeaders(request.headers, callerOf(request, options.protocol), false)
    await proxy.web(request, response, { target, agent: new OpenConnection(app) })
  }

  async function upgrade(slug: string, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => undefined)
    const app = await reach(slug, options, () => socket.destroyed)
    if (typeof app === 'string') return refuseUpgrade(request, socket, app)
    if (socket.destroyed) return void app.destroy()
    request.headers = requestHeaders(request.headers, callerOf(request, options.protocol), true)
    await proxy.ws(request, socket as Socket, { target, agent: new OpenConnection(app), upgradeTimeout: options.answerMs ?? 120_000 }, head)
  }

  return {
    web: (slug, request, response) => {
      web(slug, request, response).catch(() => sendTrouble(request, response, 'broken'))
    },
    upgrade: (slug, request, socket, head) => {
      upgrade(slug, request, socket, head).catch(() => socket.destroy())
    },
  }
}
