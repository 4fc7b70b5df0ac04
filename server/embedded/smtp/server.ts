import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Clock } from '@/server/core/clock.ts'
import type { Mailbox } from '@/server/core/mailbox.ts'
import { findMail, findMails, keepMail } from './data.ts'
import { readMail } from './reading.ts'

/** A message may have this many bytes; ours have some ten thousand. */
export const maxMessageBytes = 1024 * 1024
const maxReceivers = 50
const maxClients = 50
const idleMs = 30_000
const closeMs = 1_000
const user = 'maestro'

/** The SMTP server that stands where a real one would deliver. */
export interface EmbeddedSmtp {
  /** Where mail is handed in, with the name and the password that this start has made up. */
  url: string
  mailbox: Mailbox
  stop(): Promise<void>
}

interface SmtpOptions {
  clock: Clock
  /** How many mails are kept; older ones make room. */
  keep: number
  onError(error: Error): void
}

const refused = (responseCode: number, words: string) => Object.assign(new Error(words), { responseCode })
const isLoopback = (address: string) => /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/.test(address)
const hash = (text: string) => createHash('sha256').update(text).digest()
const same = (given: string, wanted: string) => timingSafeEqual(hash(given), hash(wanted))

/** Reads a message to its end, keeping no more than a message may have. */
async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length
    if (bytes <= maxMessageBytes) chunks.push(chunk as Buffer)
  }
  if (bytes > maxMessageBytes || stream.sizeExceeded) throw refused(552, 'The message is too long')
  return Buffer.concat(chunks)
}

function makeServer(password: string, take: (session: SMTPServerSession, raw: Buffer<ArrayBuffer>) => Promise<void>): SMTPServer {
  return new SMTPServer({
    name: 'localhost',
    banner: 'Maestro keeps what it is given',
    // Nobody but this machine reaches it, so there is nothing for a certificate to protect; the password keeps other programs out.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    logger: false,
    size: maxMessageBytes,
    maxClients,
    maxRecipients: maxReceivers,
    socketTimeout: idleMs,
    closeTimeout: closeMs,
    onConnect: (session, done) => done(isLoopback(session.remoteAddress) ? null : refused(554, 'This is for this machine alone')),
    onAuth: (auth, _session, done) => {
      const known = auth.username === user && same(auth.password ?? '', password)
      done(known ? null : refused(535, 'Name or password is wrong'), known ? { user } : undefined)
    },
    onData: (stream, session, done) => {
      bytesOf(stream)
        .then((raw) => take(session, raw))
        .then(
          () => done(null, 'Kept'),
          (error: Error & { responseCode?: number }) => done(error.responseCode ? error : refused(451, 'It could not be kept')),
        )
    },
  })
}

/**
 * Starts an SMTP server on loopback that delivers nothing and keeps the newest mails in the database. Its port and password are made
 * anew at each start; the mails stay.
 */
export async function startSmtp({ clock, keep, onError }: SmtpOptions): Promise<EmbeddedSmtp> {
  const password = randomBytes(24).toString('base64url')
  const server = makeServer(password, async ({ envelope }, raw) => {
    const from = envelope.mailFrom ? envelope.mailFrom.address : ''
    await keepMail(await readMail({ from, to: envelope.rcptTo.map(({ address }) => address) }, raw), new Date(clock.now()), keep)
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port))
  })
  // A client that breaks off in the middle is no reason to end.
  server.on('error', onError)
  return {
    url: `smtp://${user}:${password}@127.0.0.1:${port}`,
    mailbox: { list: findMails, get: findMail },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
