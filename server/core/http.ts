import type { Env } from './env.ts'

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

const isLoopbackName = (hostname: string) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname) || hostname.endsWith('.localhost')
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
  const url = new URL(wanted, base)
  return url.origin === new URL(base).origin ? url.href : base
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

/**
 * What forbids this server to start, in one sentence, or null. Services run other people's code: below the base's own host (or above
 * it) their pages could set the base's cookies, so outside localhost they need a domain of their own.
 */
export function refusal(env: Env, base: string, servicesDomain: string, standIn: boolean): string | null {
  const host = new URL(base).hostname
  const services = new URL(`http://${servicesDomain}`).hostname
  if (env.NODE_ENV === 'production' && !isLoopbackName(host) && (below(services, host) || below(host, services)))
    return `Set SERVICES_DOMAIN to a domain apart from ${host}: services on ${services} could set cookies for Maestro itself.`
  if (!standIn) return null
  if (!['127.0.0.1', '::1', 'localhost'].includes(env.HOST))
    return `HOST is ${env.HOST}, but the stand-in for Google's sign-in asks for no password and may be reached from this machine alone: unset HOST or set GOOGLE_CLIENT_ID.`
  if (!isLoopbackName(host))
    return `MAESTRO_URL is ${base}, but the stand-in for Google's sign-in works on localhost alone: unset MAESTRO_URL or set GOOGLE_CLIENT_ID.`
  return null
}
