import { isLoopback, makeArrivals } from './address.ts'
import { type Env, trustedProxies } from './env.ts'

/** Who answers a request, decided by its Host header alone. */
export type HostDecision = { to: 'maestro' } | { to: 'service'; slug: string } | { to: 'nobody' }

/** What the decision needs to know of this server; hosts are lower-case and carry a port where it is not the scheme's own. */
export interface HostRules {
  baseHost: string
  servicesDomain: string
  /** Other names of the same machine under which the base answers too: loopback addresses while the base is localhost. */
  aliases: readonly string[]
}

const serviceLabel = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const hostShape = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/

/** Whether a host name is this machine's own for whoever says it. */
export const isLoopbackName = (hostname: string) =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname) || hostname.endsWith('.localhost')
const portOf = (url: URL) => (url.port ? `:${url.port}` : '')

/** The rules of a server whose browsers reach it at `base` (an URL) and its services below `servicesDomain`. */
export function hostRules(base: string, servicesDomain: string): HostRules {
  const url = new URL(base)
  const aliases = url.hostname === 'localhost' ? ['127.0.0.1', '[::1]'].map((name) => name + portOf(url)) : []
  return { baseHost: url.host, servicesDomain: servicesDomain.toLowerCase(), aliases }
}

function withoutDefaultPort(host: string): string {
  return host.replace(/:(80|443)$/, '')
}

/**
 * Decides by the Host header. A trailing dot, capitals and a default port name the same host; anything that is neither the
 * base's nor one label below the services' domain is nobody's.
 */
export function decideHost(header: string | undefined, rules: HostRules): HostDecision {
  const host = (header ?? '').toLowerCase().replace(/\.(?=:|$)/, '')
  if (!hostShape.test(host)) return { to: 'nobody' }
  const same = (other: string) => host === other || withoutDefaultPort(host) === withoutDefaultPort(other)
  if (same(rules.baseHost) || rules.aliases.some(same)) return { to: 'maestro' }
  const dot = host.indexOf('.')
  const slug = host.slice(0, dot)
  if (dot > 0 && same(`${slug}.${rules.servicesDomain}`) && slug.length <= 63 && serviceLabel.test(slug)) return { to: 'service', slug }
  return { to: 'nobody' }
}

/** Whether a path can be read: each of its percent signs stands before two digits that make a character. */
export function readablePath(target: string): boolean {
  try {
    decodeURIComponent(target.split('?', 1)[0] ?? '')
    return true
  } catch {
    return false
  }
}

/** Where somebody is sent after signing in or out: an address of ours as it is, a path below the base, else the base itself. */
export function ownAddress(wanted: string, base: string): string {
  if (!URL.canParse(wanted, base)) return base
  const [url, own] = [new URL(wanted, base), new URL(base)]
  // The origin of a blob: address is that of the page which made it.
  return url.origin === own.origin && url.protocol === own.protocol ? url.href : base
}

/** The same as a path, which fits whichever of our names was dialled; a path that began with two slashes would name another host. */
export function ownPath(wanted: string, base: string): string {
  const { pathname, search } = new URL(ownAddress(wanted, base))
  return `${pathname.replace(/^\/+/, '/')}${search}`
}

/** What of a request tells where it came from; header values as Node gives them. */
export interface RequestOrigin {
  method: string | undefined
  origin: string | undefined
  referer: string | undefined
  fetchSite: string | undefined
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a request may change something. Every browser names the origin of a mutation, so one from elsewhere is refused; a
 * caller that names none (a webhook, a command line) is no browser acting behind a person's back.
 * `always` checks reads too: a socket's handshake is a read that opens a door.
 */
export function originAllowed(request: RequestOrigin, origins: readonly string[], always = false): boolean {
  if (!always && safeMethods.has(request.method ?? 'GET')) return true
  if (request.origin !== undefined) return origins.includes(request.origin.toLowerCase())
  if (request.fetchSite !== undefined && !['same-origin', 'none'].includes(request.fetchSite)) return false
  if (request.referer === undefined) return true
  return URL.canParse(request.referer) && origins.includes(new URL(request.referer).origin)
}

/** The origins whose pages may change something here: the base's, and its loopback names. */
export function ownOrigins(base: string): string[] {
  const url = new URL(base)
  return [url.host, ...hostRules(base, url.host).aliases].map((host) => `${url.protocol}//${host}`)
}

const below = (name: string, domain: string) => name === domain || name.endsWith(`.${domain}`)

/** Services run other people's code: below the base's own host (or above it) their pages could set the base's cookies. */
function domainRefusal(env: Env, base: URL, services: string): string | null {
  const host = base.hostname
  if (env.NODE_ENV !== 'production' || isLoopbackName(host) || !(below(services, host) || below(host, services))) return null
  return `Set SERVICES_DOMAIN to a domain apart from ${host}: services on ${services} could set cookies for Maestro itself.`
}

function proxyRefusal(env: Env): string | null {
  try {
    makeArrivals(trustedProxies(env))
    return null
  } catch {
    return 'TRUSTED_PROXY has to list addresses or networks such as 10.0.0.7, 10.0.0.0/8 or ::1, separated by commas.'
  }
}

/** Passwords there are none, but cookies and tokens are as good as those: they go over this machine's own network in the open, over no other. */
function plainRefusal(env: Env, base: URL): string | null {
  const own = Boolean(env.TLS_CERT_FILE)
  const secure = own || trustedProxies(env).length > 0
  const remedy = 'set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXY to the address of the proxy that speaks HTTPS'
  if (own !== Boolean(env.TLS_KEY_FILE)) return 'TLS_CERT_FILE and TLS_KEY_FILE belong together: set both or neither.'
  if (!secure && !isLoopbackHost(env.HOST))
    return `HOST is ${env.HOST}, but plain HTTP is for this machine alone: ${remedy}, or unset HOST.`
  if (secure && base.protocol !== 'https:') {
    const has = own ? 'this server has a certificate' : 'TRUSTED_PROXY is set'
    return `MAESTRO_URL is ${env.MAESTRO_URL ?? 'not set'}, but ${has}: set MAESTRO_URL to the https address that browsers use.`
  }
  if (!secure && base.protocol === 'https:') return `MAESTRO_URL is ${base.origin}, but nothing here speaks HTTPS: ${remedy}.`
  if (!secure && env.NODE_ENV === 'production' && !isLoopbackName(base.hostname))
    return `MAESTRO_URL is ${base.origin}, but plain HTTP is for this machine alone: ${remedy}, and MAESTRO_URL to the https address.`
  return null
}

const isLoopbackHost = (host: string) => isLoopbackName(host) || isLoopback(host)

function standInRefusal(env: Env, base: URL): string | null {
  const remedy = 'set GOOGLE_CLIENT_ID'
  if (!isLoopbackHost(env.HOST))
    return `HOST is ${env.HOST}, but the stand-in for Google's sign-in asks for no password and may be reached from this machine alone: unset HOST or ${remedy}.`
  if (!isLoopbackName(base.hostname))
    return `MAESTRO_URL is ${base.origin}, but the stand-in for Google's sign-in works on localhost alone: unset MAESTRO_URL or ${remedy}.`
  return null
}

/** What forbids this server to start, in one sentence, or null. */
export function refusal(env: Env, base: string, servicesDomain: string, standIn: boolean): string | null {
  const url = new URL(base)
  const services = new URL(`http://${servicesDomain}`).hostname
  return domainRefusal(env, url, services) ?? (standIn ? standInRefusal(env, url) : null) ?? proxyRefusal(env) ?? plainRefusal(env, url)
}
