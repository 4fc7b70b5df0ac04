import { lookup } from 'node:dns/promises'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { pipeline, Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { allowedNetworks } from './env.ts'
import { AppError } from './errors.ts'
import { isAmong, isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** What a call to an address that somebody gave may do. */
export interface OutboundRules {
  /** Further places that are refused; asked for the address itself and for each that it leads on to. */
  permits?(url: URL): boolean
  /** Bytes of the answer, unpacked. */
  maxBytes?: number
  /** Hears of each piece of the answer, unpacked. */
  onBytes?(count: number): void
  /** For the whole call, the answer's last byte included. */
  timeoutMs?: number
  maxRedirects?: number
  /** For tests, whose servers are on this machine. */
  allowLoopback?: boolean
  /** For tests: the addresses of a host. */
  resolve?(host: string): Promise<string[]>
}

type Init = Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal'>

interface Hop {
  url: URL
  method: string
  headers: Headers
  body: string | Uint8Array | null
}

const defaults = { maxBytes: 5 * 1024 * 1024, timeoutMs: 30_000, maxRedirects: 5 }

/**
 * The ports that the Fetch standard blocks above 1023: what listens there takes a request for something else. Below, only the web's own
 * two are open: the rest is mail, shells and file servers. Everything else is, since MCP servers and previews listen anywhere.
 */
const blockedPorts = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

/** What a host is told that a redirect led to. Everything else a caller sends, secrets among it, stays with the host it was meant for. */
const travelling = ['accept', 'accept-language', 'user-agent']

const refusal = (words: string, key: string, values?: Record<string, string>) =>
  new AppError('BAD_REQUEST', words, undefined, { key, ...(values && { values }) })
const refused = (host: string) => refusal(`${host} is no address on the public internet.`, 'outsideRefused', { host })

/** @throws AppError where an address is not one that may be called, whatever it leads to */
function checkUrl(url: URL, rules: OutboundRules): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refusal('Only http and https addresses can be called.', 'outsideScheme')
  if (url.username || url.password) throw refusal('The address must hold no user name and no password.', 'outsideCredentials')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if ((port < 1024 && port !== 80 && port !== 443) || blockedPorts.has(port))
    throw refusal(`Port ${port} is not for web pages.`, 'outsidePort', { port: String(port) })
  if (rules.permits && !rules.permits(url))
    throw refusal(`${url.hostname} is not on the list of allowed hosts.`, 'outsideList', { host: url.hostname })
}

const resolveHost = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

/** Gives up waiting when the signal fires; what was waited for goes on, and nobody hears of it. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    if (signal.aborted) stop()
  })
}

/** The one address that a call goes to. It is asked for once: whoever asks again may get another answer. */
async function addressOf({ hostname }: URL, rules: OutboundRules, signal: AbortSignal): Promise<string> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host)
    ? [host]
    : await unlessAborted((rules.resolve ?? resolveHost)(host), signal).catch((error) => {
        signal.throwIfAborted()
        throw new AppError('UNAVAILABLE', `No address of ${host} is known.`, undefined, {
          key: 'outsideUnknown',
          values: { host },
          cause: error,
        })
      })
  const networks = allowedNetworks()
  const open = (address: string) =>
    isPublicAddress(address) || isAmong(address, networks) || (rules.allowLoopback === true && isLoopbackAddress(address))
  const [first] = found
  // A name with one good and one bad address is a trap.
  if (!first || !found.every(open)) throw refused(host)
  return first
}

/** Sends one request, to the given address and nowhere else. */
function send({ url, method, headers, body }: Hop, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address)
  const pinned: LookupFunction = (_host, options, done) => (options.all ? done(null, [{ address, family }]) : done(null, address, family))
  return new Promise((resolve, reject) => {
    const options = { method, headers: Object.fromEntries(headers), agent: false, lookup: pinned, signal, maxHeaderSize: 32_768 }
    const request = (url.protocol === 'https:' ? https : http).request(url, options, resolve)
    // More than one may come; after the answer has begun they are its reader's to hear.
    request.on('error', reject)
    request.end(body ?? undefined)
  })
}

const unpackers: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

function bounded({ maxBytes, onBytes }: Pick<OutboundRules, 'onBytes'> & { maxBytes: number }): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      onBytes?.(chunk.length)
      if (bytes <= maxBytes) return done(null, chunk)
      const megabytes = Math.ceil(maxBytes / 1024 ** 2)
      done(
        new AppError('TOO_LARGE', `The answer is larger than ${megabytes} MB.`, undefined, {
          key: 'outsideTooLarge',
          values: { megabytes },
        }),
      )
    },
  })
}

/** The answer as fetch gives it. Its bytes are counted after unpacking, so that few bytes that unpack to very many are no way round. */
function responseOf(message: IncomingMessage, { url, method }: Hop, bounds: Parameters<typeof bounded>[0]): Response {
  const status = message.statusCode ?? 502
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    if (name !== 'set-cookie' && value !== undefined) headers.set(name, String(value))
  }
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() || 'identity'
  headers.delete('content-encoding')
  const empty = method === 'HEAD' || [204, 205, 304].includes(status)
  if (empty) message.resume()
  else if (encoding !== 'identity' && !unpackers[encoding]) {
    message.destroy()
    throw refusal('The answer is packed in a way that is not known here.', 'outsidePacked')
  }
  const steps = empty ? [] : [...(unpackers[encoding] ? [unpackers[encoding]()] : []), bounded(bounds)]
  // How a body ends is its reader's to hear; there is always a last step, which ends with whatever went wrong before it.
  const body = empty ? null : pipeline([message, ...steps] as [IncomingMessage, ...Transform[]], () => undefined)
  const response = new Response(body && (Readable.toWeb(body as Transform) as ReadableStream<Uint8Array>), { status, headers })
  return Object.defineProperty(response, 'url', { value: url.href })
}

/** Where an answer leads on to; null where it is the last. */
function nextHop({ url, method, headers, body }: Hop, message: IncomingMessage): Hop | null {
  const { statusCode: status = 0, headers: said } = message
  if (![301, 302, 303, 307, 308].includes(status) || !said.location) return null
  message.destroy()
  if (!URL.canParse(said.location, url)) throw refusal('The answer leads on to no address.', 'outsideRedirect')
  const next = new URL(said.location, url)
  if (url.protocol === 'https:' && next.protocol === 'http:') throw refusal('The answer leads from https to http.', 'outsideDowngrade')
  const looks = method === 'GET' || method === 'HEAD'
  const becomesGet = !looks && (status === 303 || ((status === 301 || status === 302) && method === 'POST'))
  if (next.origin === url.origin)
    return becomesGet ? { url: next, method: 'GET', headers, body: null } : { url: next, method, headers, body }
  // What was to be told to one host is not told to another.
  if (!looks) throw refusal('The answer leads on to another host.', 'outsideRedirect')
  return {
    url: next,
    method,
    headers: new Headers(travelling.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : []))),
    body,
  }
}

/** What went wrong on the way, in words; whoever stopped the call hears their own reason. */
function toldFailure(error: unknown, host: string, timeout: AbortSignal, signal: AbortSignal | null | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof AppError) return error
  const [words, key] = timeout.aborted
    ? [`${host} takes too long to answer.`, 'outsideSlow']
    : [`${host} cannot be reached.`, 'outsideUnreachable']
  return new AppError('UNAVAILABLE', words, undefined, { key, values: { host }, cause: error })
}

/**
 * A fetch for addresses that people, models or other servers gave: the only way to them. It goes to public addresses alone, each host is
 * looked up once and called at that address, every redirect is checked again, no cookie is kept, and the answer is bounded in time and size.
 * Networks of the operator's own are open where `MAESTRO_OUTBOUND_NETWORKS` names them.
 * @throws (from the fetch) AppError BAD_REQUEST for addresses that are refused, UNAVAILABLE for hosts that do not answer; reading the
 * answer throws TOO_LARGE
 */
export function outboundFetch(rules: OutboundRules = {}): (input: string | URL, init?: Init) => Promise<Response> {
  const { maxBytes, onBytes, timeoutMs, maxRedirects } = { ...defaults, ...rules }
  return async (input, init = {}) => {
    if (!URL.canParse(input)) throw refusal('This is no address.', 'outsideNoAddress')
    const body = init.body ?? null
    if (body !== null && typeof body !== 'string' && !(body instanceof Uint8Array)) throw new TypeError('only text and bytes can be sent')
    const headers = new Headers(init.headers)
    for (const name of ['host', 'cookie', 'connection', 'content-length', 'transfer-encoding']) headers.delete(name)
    headers.set('accept-encoding', 'gzip, deflate, br')
    if (!headers.has('user-agent')) headers.set('user-agent', 'Maestro')
    let hop: Hop = { url: new URL(input), method: (init.method ?? 'GET').toUpperCase(), headers, body }
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout
    try {
      for (let redirects = 0; redirects <= maxRedirects; redirects++) {
        checkUrl(hop.url, rules)
        const message = await send(hop, await addressOf(hop.url, rules, signal), signal)
        const next = nextHop(hop, message)
        if (!next) return responseOf(message, hop, { maxBytes, ...(onBytes && { onBytes }) })
        hop = next
      }
    } catch (error) {
      throw toldFailure(error, hop.url.hostname, timeout, init.signal)
    }
    throw refusal(`${hop.url.hostname} leads on and on.`, 'outsideRedirects', { host: hop.url.hostname })
  }
}
