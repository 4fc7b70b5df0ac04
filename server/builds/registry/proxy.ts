import { chmodSync, rmSync } from 'node:fs'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type Server,
  type ServerResponse,
} from 'node:http'
import { connect as netConnect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import type { RegistrySettings } from './types.ts'

const defaultPort = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80))
const tokenHeaders = ['proxy-authorization', 'proxy-connection', 'authorization', 'cookie']

function isRegistry(host: string, port: number, { registry }: RegistrySettings): boolean {
  return host.toLowerCase() === registry.hostname.replace(/^\[|\]$/g, '').toLowerCase() && port === defaultPort(registry)
}

/** `host:port` of a CONNECT request, read strictly. */
export function parseAuthority(authority: string): { host: string; port: number } | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+)):(\d{1,5})$/i.exec(authority)
  return match ? { host: match[1] ?? match[2] ?? '', port: Number(match[3]) } : null
}

function dial({ upstream }: RegistrySettings, host: string, port: number): Socket {
  if (!upstream) return netConnect({ host, port })
  const target = { host: upstream.hostname, port: defaultPort(upstream) }
  return upstream.protocol === 'https:' ? tlsConnect({ ...target, servername: upstream.hostname }) : netConnect(target)
}

/** The line that lets us through this machine's own proxy. Its password stays on this side. */
function upstreamAuthorization({ upstream }: RegistrySettings): Record<string, string> {
  if (!upstream?.username) return {}
  const pair = `${decodeURIComponent(upstream.username)}:${decodeURIComponent(upstream.password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

function tunnel(settings: RegistrySettings, request: IncomingMessage, near: Duplex, head: Buffer): void {
  near.on('error', () => undefined)
  const to = parseAuthority(request.url ?? '')
  if (!to || !isRegistry(to.host, to.port, settings)) {
    near.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nx-reason: only the package registry is reachable\r\n\r\n')
    return
  }
  const far = dial(settings, to.host, to.port)
  far.on('error', () => near.destroy())
  near.on('close', () => far.destroy())
  far.once(settings.upstream?.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
    if (settings.upstream) {
      // The upstream proxy's own answer to CONNECT travels back as ours.
      const lines = Object.entries(upstreamAuthorization(settings)).map(([name, value]) => `${name}: ${value}\r\n`)
      far.write(`CONNECT ${request.url} HTTP/1.1\r\nhost: ${request.url}\r\n${lines.join('')}\r\n`)
    } else near.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) far.write(head)
    near.pipe(far).pipe(near)
  })
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'text/plain' }).end('only the package registry is reachable\n')
}

/** Plain HTTP: the registry by its absolute address. Anything that could carry a secret of the sandbox's is dropped. */
function relay(settings: RegistrySettings, request: IncomingMessage, response: ServerResponse): void {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null
  if (url?.protocol !== 'http:' || !isRegistry(url.hostname.replace(/^\[|\]$/g, ''), defaultPort(url), settings)) {
    refuse(response)
    return
  }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !tokenHeaders.includes(name)))
  const { upstream } = settings
  const target: RequestOptions = upstream
    ? { host: upstream.hostname, port: defaultPort(upstream), path: url.href }
    : { host: url.hostname, port: defaultPort(url), path: url.pathname + url.search }
  const far = httpRequest({
    ...target,
    method: request.method,
    headers: { ...headers, host: url.host, ...upstreamAuthorization(settings) },
  })
  far.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  far.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
  response.on('close', () => far.destroy())
  request.pipe(far)
}

/** Opens the way from sandboxes to the package registry at a Unix socket; every other host is refused. */
export async function openRegistryProxy(path: string, settings: RegistrySettings): Promise<Server> {
  const server = createServer((request, response) => relay(settings, request, response))
  server.on('connect', (request, socket, head) => tunnel(settings, request, socket, head))
  server.on('clientError', (_error, socket) => void socket.destroy())
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  chmodSync(path, 0o600)
  server.unref()
  return server
}
