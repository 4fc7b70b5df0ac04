import { resolve } from 'node:path'
import { z } from 'zod'
import { type Network, parseNetworks } from './public-address.ts'

const flag = z
  .enum(['0', '1', 'true', 'false', ''])
  .default('0')
  .transform((value) => value === '1' || value === 'true')
const optional = z
  .string()
  .optional()
  .transform((value) => value || undefined)
function isNetworks(text: string | undefined): boolean {
  try {
    return parseNetworks(listOf(text)).length >= 0
  } catch {
    return false
  }
}

const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  MAESTRO_DEMO: flag,
  MAESTRO_DATA_DIR: z
    .string()
    .default('.maestro')
    .transform((path) => resolve(path)),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  MAESTRO_URL: optional,
  SERVICES_DOMAIN: optional,
  DATABASE_URL: optional,
  INNGEST_BASE_URL: optional,
  INNGEST_EVENT_KEY: optional,
  INNGEST_SIGNING_KEY: optional,
  GOOGLE_CLIENT_ID: optional,
  GOOGLE_CLIENT_SECRET: optional,
  NEXTAUTH_SECRET: optional,
  ADMIN_EMAILS: optional,
  /** Mail domains whose people may sign in, separated by commas; everybody where it is unset. */
  AUTH_ALLOWED_DOMAINS: optional,
  BETA_OPEN: flag,
  SMTP_URL: optional,
  MAIL_FROM: z.string().default('Maestro <maestro@localhost>'),
  TLS_CERT_FILE: optional,
  TLS_KEY_FILE: optional,
  /** Addresses or networks (CIDR) of the proxies whose X-Forwarded-* headers are believed, separated by commas. */
  TRUSTED_PROXY: optional,
  /** Addresses or networks (CIDR) of the operator's own that agents may call besides the public internet, separated by commas. */
  MAESTRO_OUTBOUND_NETWORKS: optional.refine((text) => isNetworks(text), { error: 'names addresses and networks, separated by commas' }),
  /** Every rate limit is multiplied by it: for many people behind one address. */
  MAESTRO_RATE_LIMIT_SCALE: z.coerce.number().positive().max(1_000).default(1),
  MAESTRO_KEEP_AUDIT_DAYS: z.coerce.number().int().min(1).max(36_500).default(730),
  /** Where the AI server listens; unset: a child process of this one. Its key's thumbprint is pinned in the second. */
  AI_SERVER_URL: optional,
  AI_SERVER_THUMBPRINT: optional,
  /** The key that signs this app's requests to the AI server; unset: `ai-caller.key` of the data directory, made once. */
  AI_CALLER_KEY_FILE: optional,
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  GITHUB_TOKEN: optional,
  /** 32 bytes, hexadecimal or base64; several are separated by commas, the current one first. */
  MAESTRO_MASTER_KEY: optional,
  /** A file of such keys, one a line, the current one first; unset: `master.key` of the data directory, made once. */
  MAESTRO_MASTER_KEY_FILE: optional,
  /** HashiCorp Vault keeps the master key, in its transit engine. */
  VAULT_ADDR: optional,
  VAULT_TOKEN: optional,
  VAULT_NAMESPACE: optional,
  VAULT_TRANSIT_MOUNT: z.string().default('transit'),
  VAULT_TRANSIT_KEY: z.string().default('maestro'),
  /** How fast stored things are sealed anew, at most. */
  MAESTRO_RESEAL_MB_PER_SECOND: z.coerce.number().positive().max(100_000).default(20),
  /** For `maestro keys backup`, `restore` and `verify` where nobody is there to type it. */
  MAESTRO_BACKUP_PASSPHRASE: optional,
  MAESTRO_KEEP_LEDGER_DAYS: z.coerce.number().int().min(1).max(36_500).default(400),
  MAESTRO_BUILD_BUDGET_USD: z.coerce.number().positive().max(10_000).default(5),
  MAESTRO_KEEP_BUILDS: z.coerce.number().int().min(1).max(100_000).default(100),
  /** Of one person: tokens of models a day (UTC), conversations that are at work at once, and megabytes of their files. */
  MAESTRO_CHAT_TOKENS_PER_DAY: z.coerce.number().int().min(1_000).default(2_000_000),
  MAESTRO_CHAT_SESSIONS: z.coerce.number().int().min(1).max(10_000).default(50),
  MAESTRO_CHAT_DISK_MB: z.coerce.number().int().min(1).max(1_000_000).default(1_024),
  /** Conversations that were closed this long ago are removed, with all that was said. */
  MAESTRO_KEEP_CHATS_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),
  MAESTRO_EXECUTORS: z.coerce.number().int().min(1).max(64).default(2),
  MAESTRO_UNSAFE_EXECUTOR: flag,
  /** Node's and OpenSSL's own names for more certificate authorities; handed to the package manager inside the sandbox. */
  NODE_EXTRA_CA_CERTS: optional,
  SSL_CERT_FILE: optional,
  MAESTRO_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** The environment, read and checked once. */
export type Env = z.infer<typeof schema>

/**
 * Parses an environment.
 * @throws Error with one sentence per bad variable; values are never repeated, since they may be secrets.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  return parsedBy(schema, source)
}

function parsedBy<T extends z.ZodType>(schema: T, source: Record<string, string | undefined>): z.infer<T> {
  const parsed = schema.safeParse(source)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment cannot be used. ${lines.join('; ')}`)
}

let cached: Env | undefined

/** This process's environment. */
export function env(): Env {
  cached ??= parseEnv(process.env)
  return cached
}

/** The server's own address as browsers reach it, without a trailing slash. */
export function baseUrl(from: Env = env()): string {
  const scheme = from.TLS_CERT_FILE ? 'https' : 'http'
  return (from.MAESTRO_URL ?? `${scheme}://localhost:${from.PORT}`).replace(/\/+$/, '')
}

/** The domain below which services have their host names, with the port where it is not the default: `localhost:3000`. */
export function servicesDomain(from: Env = env()): string {
  return from.SERVICES_DOMAIN ?? new URL(baseUrl(from)).host
}

/** The address of a deployed service. */
export function serviceUrl(slug: string, from: Env = env()): string {
  return `${new URL(baseUrl(from)).protocol}//${slug}.${servicesDomain(from)}`
}

/** The identity the stand-in offers for administration; only there is it an administrator by default. */
const standInAdmin = 'admin@maestro.localhost'

/** Verified e-mail addresses of administrators, in lower case. The stand-in's administrator counts where Google is not set up. */
export function adminEmails(from: Env = env()): string[] {
  const listed = from.ADMIN_EMAILS ?? (from.GOOGLE_CLIENT_ID ? '' : standInAdmin)
  return listOf(listed)
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean)

/** Mail domains whose people may sign in, in lower case; none named means everybody. */
export const allowedDomains = (from: Env = env()): string[] => listOf(from.AUTH_ALLOWED_DOMAINS)

/** Addresses and networks of the proxies in front of this server. */
export const trustedProxies = (from: Env = env()): string[] => listOf(from.TRUSTED_PROXY)

/** The operator's own networks that may be called besides the public internet. */
export const allowedNetworks = (from: Env = env()): Network[] => parseNetworks(listOf(from.MAESTRO_OUTBOUND_NETWORKS))

/** True where stand-ins for sign-in may run: in development, in tests, or with the demo flag. */
export const standInsAllowed = (from: Env = env()): boolean => from.NODE_ENV !== 'production' || from.MAESTRO_DEMO

/** next-auth reads its own address from the environment alone, so the one file that may touch the environment sets it. */
export function publishAuthUrl(from: Env = env()): void {
  process.env.NEXTAUTH_URL = baseUrl(from)
  // Nothing leaves this machine that nobody asked for.
  process.env.NEXT_TELEMETRY_DISABLED ??= '1'
}

/**
 * Hands Next the configuration of its build, as its own standalone server does: a start then need not run next.config.mjs and all
 * that it imports, which is a third of the start's time and 50 MB.
 */
export function publishNextConfig(config: unknown): void {
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config)
}

const aiServerSchema = z.object({
  ANTHROPIC_API_KEY: optional,
  /** A file that holds it, instead: an AI server that lost its environment can then be started again. */
  ANTHROPIC_API_KEY_FILE: optional,
  ANTHROPIC_BASE_URL: z.url().default('https://api.anthropic.com'),
  AI_SERVER_HOST: z.string().default('127.0.0.1'),
  AI_SERVER_PORT: z.coerce.number().int().min(0).max(65535).default(3100),
  AI_SERVER_TLS_CERT_FILE: optional,
  AI_SERVER_TLS_KEY_FILE: optional,
  /** Its own private key for requests, made once where it is missing. */
  AI_SERVER_KEY_FILE: z.string().default('.maestro-ai/server.key'),
  /** Public keys of those who may ask it: a JSON Web Key Set. Read again when it changes. */
  AI_SERVER_CALLERS_FILE: z.string().default('.maestro-ai/callers.json'),
  /** Such a set itself, instead of a file. */
  AI_SERVER_CALLERS: optional,
  MAESTRO_LOG_LEVEL: schema.shape.MAESTRO_LOG_LEVEL,
})

/** The environment of the AI server's process. */
export type AiServerEnv = z.infer<typeof aiServerSchema>

/**
 * Parses the AI server's environment.
 * @throws Error as `parseEnv` does
 */
export function parseAiServerEnv(source: Record<string, string | undefined> = process.env): AiServerEnv {
  return parsedBy(aiServerSchema, source)
}

/** What the AI server's child gets of this process's environment: Claude's key and address, and what reaching them takes; nothing else. */
const aiServerNames = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_API_KEY_FILE',
  'ANTHROPIC_BASE_URL',
  'PATH',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'MAESTRO_LOG_LEVEL',
  'TZ',
] as const

/** The variables that are for the AI server's child. Call `dropModelKey` once it was started. */
export function aiServerEnvironment(): Record<string, string> {
  const given = aiServerNames.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as [string, string]] : []))
  return Object.fromEntries(given)
}

/** Forgets Claude's key: from here on neither this process nor a child of it finds it in its environment. */
export function dropModelKey(): void {
  // The SDK would look for the second one, too.
  for (const name of ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN']) delete process.env[name]
}

/** Forgets, in the AI server's process, what only the app has use for, its secrets above all. Gives the names of what was there. */
export function dropAppVariables(): string[] {
  const own = new Set<string>([...Object.keys(aiServerSchema.shape), ...aiServerNames, 'NODE_ENV'])
  const foreign = Object.keys(schema.shape).filter((name) => !own.has(name) && process.env[name])
  for (const name of foreign) delete process.env[name]
  return foreign
}

/** This process's environment with changes, for a child that is ours; what is not ours gets none of it. */
export function environmentWith(changes: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes }
}
