/** Each outside service, or the stand-in that is started in its place: the choice is made by the environment alone. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadCallerKey } from './ai/door/caller-key.ts'
import { startAiChild } from './ai/door/child.ts'
import { remoteAddress, remoteLink } from './ai/door/link.ts'
import type { AiLink } from './core/ai-link.ts'
import { systemClock } from './core/clock.ts'
import type { Closing } from './core/closing.ts'
import { aiServerEnvironment, baseUrl, dropModelKey, type Env, standInsAllowed } from './core/env.ts'
import { logger } from './core/logger.ts'
import { projectRoot } from './core/paths.ts'
import type { Registry } from './core/registry.ts'
import { senderOf, smtpOptions } from './notifications/channels/smtp.ts'
import { mailboxKeeps } from './notifications/schema.ts'

/** Whether the stand-in for sign-in is at work. */
export const standsIn = (from: Env): boolean => !from.GOOGLE_CLIENT_ID && standInsAllowed(from)

/** The database's address; an embedded one is started. `notices` gets sentences for whoever started the server. */
export async function database(from: Env, closing: Closing, notices: string[]): Promise<string> {
  if (from.DATABASE_URL) return from.DATABASE_URL
  const { startPostgres } = await import('./embedded/postgres/postgres.ts')
  const postgres = await startPostgres(from.MAESTRO_DATA_DIR, { onEvent: (words) => logger.warn(words) })
  if (postgres.notice) notices.push(postgres.notice)
  closing.push(postgres.stop)
  return postgres.url
}

/** Who signs people in; null where nobody does. */
export async function identity(from: Env, closing: Closing): Promise<Registry['identity']> {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = from
  const issuer = 'https://accounts.google.com'
  if (clientId && clientSecret) {
    return { issuer, wellKnown: `${issuer}/.well-known/openid-configuration`, clientId, clientSecret, standIn: false }
  }
  if (!standsIn(from)) return null
  const { startGoogle } = await import('./embedded/google/google.ts')
  const { stop, ...google } = await startGoogle({ redirectUri: `${baseUrl(from)}/api/auth/callback/google` })
  closing.push(stop)
  return { ...google, standIn: true }
}

/** The AI server's program beside this one: built, or in development its source. */
function aiServerProgram(): [string, ...string[]] {
  const here = import.meta.dirname ?? process.cwd()
  const found = [join(here, 'ai-server.js'), join(here, 'ai-server.ts'), join(projectRoot(), 'dist', 'ai-server.js')].find(existsSync)
  if (!found) throw new Error('The AI server is not built yet: run npm run build first.')
  return [process.execPath, ...(found.endsWith('.ts') ? ['--import', 'tsx'] : []), found, 'worker']
}

/** The rule-based stand-in, as an environment that the AI server takes for the real API's. */
async function demoEnvironment(closing: Closing): Promise<Record<string, string>> {
  const { startDemoModel } = await import('./embedded/model/server.ts')
  const { url, stop } = await startDemoModel({ rate: 80 })
  closing.push(stop)
  return { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: randomBytes(16).toString('hex') }
}

/**
 * The AI server: the one that the environment names, else a child of this process. From the first moment of this call on, the key to
 * Claude stands in this process's environment no more.
 */
export async function aiServer(from: Env, closing: Closing, notices: string[]): Promise<AiLink> {
  const given = aiServerEnvironment()
  dropModelKey()
  const remote = remoteAddress(from)
  const { jwk, ...caller } = await loadCallerKey(from)
  const isReal = Boolean(given.ANTHROPIC_API_KEY || given.ANTHROPIC_API_KEY_FILE)
  if (remote) {
    if (isReal) notices.push('ANTHROPIC_API_KEY is for the AI server alone, which is elsewhere: take it out of this environment.')
    return remoteLink(remote, { caller, clock: systemClock })
  }
  const { ai, stop } = startAiChild({
    command: aiServerProgram(),
    environment: {
      ...given,
      ...(isReal ? {} : await demoEnvironment(closing)),
      ...{ AI_SERVER_HOST: '127.0.0.1', AI_SERVER_PORT: '0', AI_SERVER_KEY_FILE: join(from.MAESTRO_DATA_DIR, 'ai-server.key') },
      AI_SERVER_CALLERS: JSON.stringify({ keys: [jwk] }),
    },
    renewable: !given.ANTHROPIC_API_KEY,
    demo: !isReal,
    caller,
  })
  closing.push(stop)
  return ai
}

/** Where mail is handed in: the real server, else the embedded one, which keeps it for a page to show. */
export async function mail(from: Env, closing: Closing): Promise<Pick<Registry, 'mail' | 'mailbox'>> {
  const sender = senderOf(from.MAIL_FROM)
  if (from.SMTP_URL) {
    smtpOptions(from.SMTP_URL)
    return { mail: { url: from.SMTP_URL, from: sender }, mailbox: null }
  }
  const { startSmtp } = await import('./embedded/smtp/server.ts')
  const smtp = await startSmtp({
    clock: systemClock,
    keep: mailboxKeeps,
    onError: (err) => logger.warn({ err }, 'a mail connection broke'),
  })
  closing.push(smtp.stop)
  return { mail: { url: smtp.url, from: sender }, mailbox: smtp.mailbox }
}
