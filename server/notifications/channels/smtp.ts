import { isIP } from 'node:net'
import { createTransport, type NodemailerError, type SMTPPoolOptions } from 'nodemailer'
import addressparser from 'nodemailer/lib/addressparser'
import { type Channel, MailRefusal, type Message } from './types.ts'

const second = 1_000
/** A mail that was not taken after this long is given up; it is shorter than the claim on the mail's row. */
export const sendLimitMs = 45 * second
const connectMs = 10 * second
const quietMs = 30 * second
const idleMs = 20 * second
const maxConnections = 4
const maxReason = 300

/** What may stand behind the question mark of an address; whether certificates are checked is not for it to say. */
const knownOptions = ['requireTLS', 'ignoreTLS', 'name', 'authMethod'] as const

const bad = (why: string) => new Error(`SMTP_URL cannot be used: ${why}.`)

function partsOf(text: string): URL {
  if (!URL.canParse(text)) throw bad('it is no address such as smtps://user:password@mail.example.com:465')
  const url = new URL(text)
  if (!['smtp:', 'smtps:'].includes(url.protocol)) throw bad('it has to begin with smtp:// or smtps://')
  if (!url.hostname) throw bad('it names no host')
  const unknown = [...url.searchParams.keys()].find((key) => !(knownOptions as readonly string[]).includes(key))
  if (unknown !== undefined) throw bad(`of what may stand behind "?" it is known: ${knownOptions.join(', ')}`)
  return url
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw bad('its name or password is not written as addresses are (% followed by two digits)')
  }
}

const isLocal = (host: string) => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
const flag = (value: string | null) => (value === null ? undefined : value === 'true' || value === '1')

/**
 * Reads SMTP_URL. A name and a password leave this machine over TLS alone, and certificates are always checked.
 * @throws Error in one sentence that repeats nothing of the address
 */
export function smtpOptions(text: string): SMTPPoolOptions & { pool: true } {
  const url = partsOf(text)
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const auth = url.username ? { user: decoded(url.username), pass: decoded(url.password) } : undefined
  const ignoreTLS = flag(url.searchParams.get('ignoreTLS'))
  const requireTLS = flag(url.searchParams.get('requireTLS')) ?? (!secure && auth !== undefined && !isLocal(host) && !ignoreTLS)
  const [name, authMethod] = [url.searchParams.get('name'), url.searchParams.get('authMethod')]
  return {
    pool: true,
    host,
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    requireTLS,
    ...(ignoreTLS === undefined ? {} : { ignoreTLS }),
    ...(auth ? { auth } : {}),
    ...(name ? { name } : {}),
    ...(authMethod ? { authMethod } : {}),
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    dnsTimeout: connectMs,
    socketTimeout: quietMs,
    maxConnections,
    idleTimeout: idleMs,
    // Whoever asked tries again; a pool that does so by itself would send twice what was taken just before a connection broke.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/**
 * Reads MAIL_FROM: one sender, with or without a name.
 * @throws Error in one sentence
 */
export function senderOf(text: string): string {
  const [sender, ...more] = addressparser(text, { flatten: true })
  if (!sender || more.length > 0 || /[\r\n]/.test(text) || !/^[^\s@<>,;:"]+@[a-z0-9.-]+$/i.test(sender.address))
    throw new Error('MAIL_FROM cannot be used: it names one sender, such as Maestro <maestro@example.com>.')
  return text
}

/** The other server's words about a receiver or a message may be kept; what it says of a sign-in may not. */
function refusalOf(error: NodemailerError): MailRefusal {
  const { code = 'UNKNOWN', command = '', responseCode, response, permanent = false } = error
  const aboutMail = command === 'RCPT TO' || command === 'DATA'
  const words = aboutMail && response ? response.replace(/\s+/g, ' ').slice(0, maxReason) : [code, responseCode].filter(Boolean).join(' ')
  // An envelope that is refused without an answer was never sent: its address is none.
  const unsent = code === 'EENVELOPE' && responseCode === undefined
  return new MailRefusal(words, (aboutMail && permanent) || unsent)
}

/** Hands mails in over SMTP; connections are kept for a while and used again. */
export function smtpChannel(url: string): Channel {
  const transport = createTransport(smtpOptions(url))
  return {
    async send({ to, ...message }: Message) {
      try {
        await transport.sendMail({
          ...message,
          // An object, so that no text is read as a list of receivers.
          to: { name: '', address: to },
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          signal: AbortSignal.timeout(sendLimitMs),
        })
      } catch (error) {
        throw refusalOf(error as NodemailerError)
      }
    },
    close: () => transport.close(),
  }
}
