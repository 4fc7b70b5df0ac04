import type { IncomingHttpHeaders } from 'node:http'

/** What frames a request stays, whatever `Connection` names: without it a body would be read as the next request. */
const framing = new Set(['upgrade', 'transfer-encoding', 'content-length', 'host'])
/** Headers that speak of one connection only; what `Connection` names belongs to them. */
const hopByHop = ['connection', 'proxy-connection', 'keep-alive', 'te', 'trailer', 'proxy-authenticate', 'proxy-authorization']
const forwarded = /^(x-forwarded-|x-maestro-|forwarded$|x-real-ip$|x-client-ip$|true-client-ip$|cf-connecting-ip$|x-cluster-client-ip$)/
const ownCookie = /^(__Host-|__Secure-)?(next-auth\.|maestro[-_.])/i

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = String(headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
  const dropped = new Set([...hopByHop, ...named.filter((name) => !framing.has(name))])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)))
}

/** Cookies of Maestro's own never reach other people's code, whatever host they were set for. */
function withoutOwnCookies(cookie: string): string {
  const pairs = cookie.split(';').map((pair) => pair.trim())
  return pairs.filter((pair) => pair && !ownCookie.test(pair)).join('; ')
}

/** Who really asks, as far as this server knows. */
export interface Caller {
  address: string
  protocol: 'http' | 'https'
  host: string
}

/** A request's headers as the app gets them: the forwarded ones are ours alone, since an app believes them. */
export function requestHeaders(headers: IncomingHttpHeaders, caller: Caller, upgrade: boolean): IncomingHttpHeaders {
  const kept = Object.entries(withoutHopByHop(headers)).filter(([name]) => !forwarded.test(name) && (upgrade || name !== 'upgrade'))
  const result: IncomingHttpHeaders = Object.fromEntries(kept)
  const cookie = withoutOwnCookies(headers.cookie ?? '')
  if (cookie) result.cookie = cookie
  else delete result.cookie
  if (upgrade) result.connection = 'Upgrade'
  result['x-forwarded-for'] = caller.address
  result['x-forwarded-proto'] = caller.protocol
  result['x-forwarded-host'] = caller.host
  return result
}

/** A cookie without its `Domain`: it stays with the service that set it and reaches neither another one nor Maestro. */
export function withoutDomain(setCookie: string): string {
  const [pair = '', ...attributes] = setCookie.split(';')
  return [pair, ...attributes.filter((attribute) => !/^\s*domain\s*(=|$)/i.test(attribute))].join(';')
}

/** An answer's headers as the browser gets them. */
export function responseHeaders(headers: IncomingHttpHeaders, upgrade: boolean): IncomingHttpHeaders {
  const result = withoutHopByHop(headers)
  if (headers['set-cookie']) result['set-cookie'] = headers['set-cookie'].map(withoutDomain)
  if (upgrade) result.connection = 'Upgrade'
  else delete result.upgrade
  return result
}
