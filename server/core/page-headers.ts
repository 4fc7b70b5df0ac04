import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Welcome } from './address.ts'
import { pathHeader } from './credentials.ts'
import { newNonce, nonceHeader, policyHeader, policyMaker, withPolicy } from './csp.ts'
import { isLoopbackName } from './http.ts'

/** Maestro's pages stand in nobody's frame, use nothing of the device but a picture of the screen that somebody wants to send us, and tell other sites nothing of the address they were left from. */
const pageHeaders = Object.entries({
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(self), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
})
/** Two years, which is what browsers ask of a host that they are to know by heart. */
const strictTransport = 'max-age=63072000'

/**
 * Pages that stay what they are when somebody goes from them to a conversation, which shows apps in a frame: those that were started there, each at
 * a host of its own. From the public ones nobody goes there.
 */
const publicPages = /^\/(?:[?#]|$|(?:sign-in|beta|docs|privacy|shared|invitations|feedback)(?:[/?#]|$))/

const withoutPort = (host: string) => host.replace(/:\d+$/, '')

/** Tells browsers to come over HTTPS alone. Not under a loopback name: its other ports are somebody else's. */
export function askForHttps(request: IncomingMessage, response: ServerResponse, { protocol }: Welcome): void {
  if (protocol === 'https' && !isLoopbackName(withoutPort(request.headers.host ?? '')))
    response.setHeader('strict-transport-security', strictTransport)
}

/**
 * Makes what puts headers around a request to Maestro itself: those that its pages read, and those of its answer. Each answer has a nonce of its own,
 * which Next finds in the request's policy and gives to its scripts.
 */
export function makeDress({ development = false, previews = null }: { development?: boolean; previews?: string | null }) {
  const policies = new Map<string, (nonce: string) => string>()
  const policyFor = (host: string, secure: boolean, framing: boolean) => {
    const key = `${secure} ${framing} ${host}`
    // Only names that were decided to be ours come here, so there are few.
    const made = policies.get(key) ?? policyMaker({ host, secure, development, frames: framing ? previews : null })
    policies.set(key, made)
    return made
  }
  return (request: IncomingMessage, response: ServerResponse, { protocol }: Welcome) => {
    const nonce = newNonce()
    const framing = !publicPages.test(request.url ?? '')
    const policy = policyFor(request.headers.host?.toLowerCase() ?? '', protocol === 'https', framing)(nonce)
    request.headers[nonceHeader] = nonce
    request.headers[pathHeader] = request.url
    request.headers[policyHeader] = policy
    delete request.headers['content-security-policy-report-only']
    withPolicy(response, policy)
    for (const [name, value] of pageHeaders) response.setHeader(name, value)
  }
}
