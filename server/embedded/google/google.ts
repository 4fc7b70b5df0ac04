import { generateKeyPair, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import Provider, { type Configuration, interactionPolicy } from 'oidc-provider'
import { type Accounts, type Identity, madeUp, makeAccounts } from './identities.ts'
import { choicePage, type Typed } from './page.ts'

/** What the product needs to know of the stand-in; `stop` ends it. */
export interface GoogleStandIn {
  issuer: string
  wellKnown: string
  clientId: string
  clientSecret: string
  stop(): Promise<void>
}

const token = () => randomBytes(24).toString('base64url')

/** Google knows `prompt=select_account`; the provider's own policy has to be told of it. */
function policy() {
  const prompts = interactionPolicy.base()
  prompts.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
  return prompts
}

async function configuration(clientId: string, clientSecret: string, redirectUri: string, accounts: Accounts): Promise<Configuration> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: token(), use: 'sig', alg: 'RS256' }
  return {
    clients: [
      { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_basic' },
    ],
    jwks: { keys: [jwk as never] },
    cookies: { keys: [token()] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'picture'] },
    // Google puts the person's claims into the ID token itself; so does the stand-in.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { policy: policy(), url: (_context, interaction) => `/choose/${interaction.uid}` },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    // Asking again each time is what `prompt=select_account` means; consent is given by choosing.
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client?.clientId, accountId: context.oidc.session?.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    findAccount: (_context, sub) => {
      const identity = accounts.find(sub)
      if (!identity) return undefined
      return { accountId: sub, claims: () => ({ ...identity, email_verified: true }) }
    },
  }
}

async function body(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > 4096) throw new Error('body too large')
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

/** Who was chosen, or made up; else what was typed that is nobody. */
function chosen(form: URLSearchParams, accounts: Accounts): Identity | Typed | null {
  const sub = form.get('sub')
  if (sub !== null) return accounts.find(sub) ?? null
  const typed = { name: form.get('name') ?? '', email: form.get('email') ?? '' }
  const made = madeUp(typed)
  if (typeof made === 'string') return { ...typed, fault: made }
  accounts.add(made)
  return made
}

interface Door {
  provider: Provider
  accounts: Accounts
  issuer: string
  /** The origin of the site that people are sent back to. */
  site: string
}

async function choose({ provider, accounts, issuer, site }: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const interaction = await provider.interactionDetails(request, response)
  const show = (typed: Typed | null) => {
    response.statusCode = typed ? 400 : 200
    response.setHeader('content-type', 'text/html; charset=utf-8')
    const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action ${issuer} ${site}; base-uri 'none'; frame-ancestors 'none'`
    response.setHeader('content-security-policy', policy)
    response.end(choicePage(`/choose/${interaction.uid}`, request.headers['accept-language'] ?? '', typed))
  }
  if (request.method !== 'POST') return show(null)
  // The browser says whose form it was; another site's chooses nobody.
  const { origin } = request.headers
  if (origin !== undefined && origin !== issuer) {
    response.writeHead(403).end()
    return
  }
  const who = chosen(await body(request), accounts)
  if (who && 'fault' in who) return show(who)
  const result = who
    ? { select_account: {}, login: { accountId: who.sub, remember: false } }
    : { error: 'access_denied', error_description: 'no such account' }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

/**
 * Starts the local OpenID provider that stands where Google stands, on loopback alone. `redirectUri` is the only address it
 * sends people back to. Keys, client id and secret are made anew at each start.
 */
export async function startGoogle(options: { redirectUri: string; port?: number }): Promise<GoogleStandIn> {
  const server = createServer()
  const port = await listen(server, options.port ?? 0)
  const issuer = `http://127.0.0.1:${port}`
  const clientId = token()
  const clientSecret = token()
  const accounts = makeAccounts()
  const provider = new Provider(issuer, await configuration(clientId, clientSecret, options.redirectUri, accounts))
  const door = { provider, accounts, issuer, site: new URL(options.redirectUri).origin }
  const handle = provider.callback()
  server.on('request', (request, response) => {
    // A page elsewhere may give its own name this machine's address; the browser still says that name.
    if (request.headers.host !== new URL(issuer).host) {
      response.writeHead(421, { connection: 'close' }).end()
      return
    }
    if (!request.url?.startsWith('/choose/')) return handle(request, response)
    choose(door, request, response).catch(() => {
      response.statusCode = 400
      response.end('This sign-in has ended. Start again.')
    })
  })
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { issuer, wellKnown: `${issuer}/.well-known/openid-configuration`, clientId, clientSecret, stop }
}
