import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { compile } from 'proxy-addr'
import { addressHeader } from './credentials.ts'

/** How a request came to this server, or why it may not be answered. */
export type Arrival =
  /** `address` is the client's, as far as it can be believed; `asked` is the host that a proxy says it was asked for. */
  | { kind: 'welcome'; address: string; protocol: 'http' | 'https'; asked?: string }
  /** Its browser spoke plain HTTP to the proxy. */
  | { kind: 'plain'; asked?: string }
  | { kind: 'refused'; message: string }
export type Welcome = Arrival & { kind: 'welcome' }

/** An address in one form: an IPv4 address that a dual-stack socket wraps is the IPv4 address. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '')

/** Whether nobody but this machine can have this address. */
export const isLoopback = (address: string): boolean => address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))

/** An entry of X-Forwarded-For without brackets and port, or null where it is no address. */
function hop(entry: string): string | null {
  const [, bracketed, bare] = /^\s*"?(?:\[([0-9a-f:.%]+)\](?::\d+)?|([^\s"]+?))"?\s*$/i.exec(entry) ?? []
  const text = bracketed ?? bare ?? ''
  for (const candidate of [text, text.replace(/:\d+$/, '')]) if (isIP(candidate)) return plainAddress(candidate)
  return null
}

/** The nearest address that is no proxy of ours; what stands left of it in the header was written by whoever sent the request. */
function clientOf(peer: string, forwardedFor: string | undefined, trusted: (address: string) => boolean): string {
  let client = peer
  for (const entry of (forwardedFor ?? '').split(',').reverse()) {
    if (!trusted(client)) break
    const next = hop(entry)
    if (!next) break
    client = next
  }
  return client
}

const header = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value)
/** The last word of a list is that of the proxy that stands before this server. */
const lastOf = (value: string | string[] | undefined): string | undefined => header(value)?.split(',').at(-1)?.trim().toLowerCase()

type Trust = (address: string) => boolean

/** What a proxy of ours says of a request. */
function throughProxy({ headers }: IncomingMessage, peer: string, own: 'http' | 'https', trusted: Trust): Arrival {
  const said = lastOf(headers['x-forwarded-proto'])
  const asked = lastOf(headers['x-forwarded-host'])
  const address = clientOf(peer, header(headers['x-forwarded-for']), trusted)
  if (said === 'https' || said === 'wss') return { kind: 'welcome', address, protocol: 'https', asked }
  if (said !== undefined) return { kind: 'plain', asked }
  // A proxy on this machine is told from a person on it by what it adds.
  const direct = headers['x-forwarded-for'] === undefined && (own === 'https' || isLoopback(peer))
  if (direct) return { kind: 'welcome', address, protocol: own }
  return { kind: 'refused', message: 'The proxy has to say in X-Forwarded-Proto how it was spoken to.' }
}

/**
 * Makes the reader of arrivals. `proxies` are the addresses and networks whose X-Forwarded-* headers are believed. Plain HTTP is for this machine
 * alone: everybody else comes over TLS, to this server or to one of the proxies.
 * @throws TypeError where one of `proxies` is neither an address nor a network
 */
export function makeArrivals(proxies: readonly string[]): (request: IncomingMessage) => Arrival {
  const among = proxies.length > 0 ? compile([...proxies]) : () => false
  const trusted: Trust = (address) => among(address, 0)
  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '')
    const own = 'encrypted' in request.socket && request.socket.encrypted ? 'https' : 'http'
    if (trusted(peer)) return throughProxy(request, peer, own, trusted)
    if (own === 'https' || isLoopback(peer)) return { kind: 'welcome', address: peer, protocol: own }
    return { kind: 'refused', message: 'This server is reached over HTTPS alone.' }
  }
}

const forwardedNames = new Set(['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'x-cluster-client-ip'])

/** Puts what this server found out in place of what the request says of its own way here. */
export function nameArrival({ headers }: IncomingMessage, { address, protocol }: Welcome): void {
  for (const name in headers) {
    if (name.startsWith('x-forwarded-') || name.startsWith('x-maestro-') || forwardedNames.has(name)) delete headers[name]
  }
  headers[addressHeader] = address
  headers['x-forwarded-for'] = address
  headers['x-forwarded-proto'] = protocol
  headers['x-forwarded-host'] = headers.host
}

/**
 * By what an address is counted: of IPv6 the first 64 bits, since whoever has one such address has all that begin like it.
 */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const groups = tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
