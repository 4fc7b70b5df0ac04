import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createProxyServer, type ProxyServer } from 'httpxy'
import { addressHeader } from '@/server/core/credentials.ts'
import { connectPlain } from '@/server/core/unix-http.ts'
import type { Upstream } from '../service.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import { refuseUpgrade, sendTrouble } from './pages.ts'
import type { Caller, ProxyOptions, ServiceProxy, Trouble } from './types.ts'

const pollMs = 40
const rememberedMs = 250
const rememberedNames = 1_000

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
    const socket = connectPlain(path)
    const failed = () => resolve(null)
    socket.once('error', failed).once('connect', () => {
      socket.off('error', failed)
      resolve(socket)
    })
  })
}

/** Remembers for a moment who answers under a name: most requests for a service come close together. */
function remembering({ upstreamFor, clock }: ProxyOptions) {
  const known = new Map<string, { at: number; upstream: Upstream }>()
  return async (slug: string, fresh: boolean): Promise<Upstream> => {
    const found = known.get(slug)
    if (!fresh && found && clock.now() - found.at < rememberedMs) return found.upstream
    const upstream = await upstreamFor(slug)
    // Names come from whoever asks, so their number is bounded.
    if (known.size >= rememberedNames) known.clear()
    // Only where somebody answers: a service that is about to be there is found at once.
    if (upstream.answer === 'forward') known.set(slug, { at: clock.now(), upstream })
    else known.delete(slug)
    return upstream
  }
}

/** Finds the app of a service; waits while it is being switched over, or came to its end a moment ago. */
function finder(options: ProxyOptions) {
  const { clock, holdMs = 10_000 } = options
  const lookUp = remembering(options)
  return async (slug: string, gone: () => boolean): Promise<Socket | Trouble> => {
    const deadline = clock.now() + holdMs
    for (let fresh = false; ; fresh = true) {
      const { answer, state, socketPath } = await lookUp(slug, fresh)
      if (answer !== 'forward' && answer !== 'hold') return answer
      const socket = answer === 'forward' ? await open(socketPath) : null
      if (socket) return socket
      if (fresh && state === 'DOWN') return 'down'
      if (gone() || clock.now() >= deadline) return answer === 'hold' ? 'starting' : 'down'
      if (fresh) await clock.sleep(pollMs)
    }
  }
}

const callerOf = ({ headers, socket }: IncomingMessage, protocol: Caller['protocol']): Caller => ({
  // The front has found out where the request came from; the connection itself may be a proxy's.
  address: String(headers[addressHeader] ?? socket.remoteAddress ?? ''),
  protocol,
  host: headers.host ?? '',
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
  const reach = finder(options)
  listen(proxy, options.answerMs ?? 120_000)
  const target = { socketPath: '', host: 'localhost', protocol: 'http:' }

  async function web(slug: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const app = await reach(slug, () => response.destroyed)
    if (typeof app === 'string') return sendTrouble(request, response, app)
    if (response.destroyed) {
      app.destroy()
      return
    }
    request.headers = requestHeaders(request.headers, callerOf(request, options.protocol), false)
    await proxy.web(request, response, { target, agent: new OpenConnection(app) })
  }

  async function upgrade(slug: string, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => undefined)
    const app = await reach(slug, () => socket.destroyed)
    if (typeof app === 'string') return refuseUpgrade(request, socket, app)
    if (socket.destroyed) {
      app.destroy()
      return
    }
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
