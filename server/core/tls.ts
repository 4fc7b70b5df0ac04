import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { Env } from './env.ts'
import { logger } from './logger.ts'

export interface TlsFiles {
  cert: string
  key: string
  /** What stands before the names of the variables that name the files: `AI_SERVER_`. */
  prefix?: string
}

/** A certificate, with those above it, and its private key. */
export interface TlsPair {
  cert: string
  key: string
}

/** Seldom enough to cost nothing, often enough for a certificate that is renewed weeks before its end. */
const lookEveryMs = 5_000

/** The files this server's own TLS is made of, or null where it has none. */
export function tlsFiles(env: Pick<Env, 'TLS_CERT_FILE' | 'TLS_KEY_FILE'>): TlsFiles | null {
  return env.TLS_CERT_FILE && env.TLS_KEY_FILE ? { cert: env.TLS_CERT_FILE, key: env.TLS_KEY_FILE } : null
}

function read(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${variable} cannot be read: ${file} (${(error as NodeJS.ErrnoException).code}).`)
  }
}

function certificateOf(text: string, prefix: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch {
    throw new Error(`${prefix}TLS_CERT_FILE holds no certificate in PEM form.`)
  }
}

function checkKey(text: string, certificate: X509Certificate, prefix: string): void {
  let key: ReturnType<typeof createPrivateKey>
  try {
    key = createPrivateKey(text)
  } catch {
    // The reason could hold a part of the file.
    throw new Error(`${prefix}TLS_KEY_FILE holds no private key in PEM form without a passphrase.`)
  }
  if (certificate.checkPrivateKey(key)) return
  throw new Error(`The key in ${prefix}TLS_KEY_FILE is not that of the certificate in ${prefix}TLS_CERT_FILE.`)
}

/**
 * Looks a pair over before it is used.
 * @throws Error in one sentence that holds nothing of the key
 */
function checkPair(pair: TlsPair, prefix = ''): X509Certificate {
  const certificate = certificateOf(pair.cert, prefix)
  checkKey(pair.key, certificate, prefix)
  createSecureContext(secureOptions(pair))
  return certificate
}

const readFiles = ({ cert, key, prefix = '' }: TlsFiles): TlsPair => ({
  cert: read(`${prefix}TLS_CERT_FILE`, cert),
  key: read(`${prefix}TLS_KEY_FILE`, key),
})
const hasExpired = (certificate: X509Certificate) => Date.parse(certificate.validTo) <= Date.now()

/** Reads the pair to start with; one that has expired is better than none. @throws Error in one sentence */
export function readPair(files: TlsFiles): TlsPair {
  const pair = readFiles(files)
  const certificate = checkPair(pair, files.prefix)
  if (hasExpired(certificate)) logger.warn({ validTo: certificate.validTo }, 'the TLS certificate has expired')
  return pair
}

/** What TLS is spoken with. */
export const secureOptions = ({ cert, key }: TlsPair) => ({ cert, key, minVersion: 'TLSv1.2' }) as const

/**
 * Gives a server new certificates as they come: it reads the files again and again, by their paths, so it does not matter whether they were written,
 * renamed over or are links that point elsewhere by now. A pair that cannot be used is logged once, and the old one stays. Returns what ends it.
 */
export function followPair(server: Server, files: TlsFiles, used: TlsPair, everyMs = lookEveryMs): () => void {
  let current = JSON.stringify(used)
  let complaint = ''
  const look = () => {
    const pair = readFiles(files)
    const text = JSON.stringify(pair)
    if (text === current) return
    const certificate = checkPair(pair, files.prefix)
    if (hasExpired(certificate)) throw new Error(`The certificate in TLS_CERT_FILE has expired (${certificate.validTo}).`)
    server.setSecureContext(secureOptions(pair))
    current = text
    logger.info({ validTo: certificate.validTo }, 'the new TLS certificate is in use')
  }
  const timer = setInterval(() => {
    try {
      look()
      complaint = ''
    } catch (error) {
      const why = (error as Error).message
      if (why !== complaint) logger.error({ why }, 'the new TLS certificate cannot be used; the one before stays')
      complaint = why
    }
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
