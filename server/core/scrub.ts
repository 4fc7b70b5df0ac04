/** What stands in a log line in place of a secret. */
const redacted = '[redacted]'
const maxDepth = 8
const maxItems = 100

/** Names of what never belongs in a log: what opens something, and what people wrote to each other. */
const secretNames = new Set([
  ...['authorization', 'proxyauthorization', 'cookie', 'cookies', 'setcookie', 'headers', 'rawheaders'],
  ...[
    'password',
    'passwd',
    'pass',
    'secret',
    'clientsecret',
    'token',
    'accesstoken',
    'refreshtoken',
    'idtoken',
    'sessiontoken',
    'csrftoken',
  ],
  ...['apikey', 'privatekey', 'masterkey', 'codeverifier', 'credentials'],
  ...['body', 'html', 'text', 'letter', 'attachments'],
])
const isSecretName = (name: string) => secretNames.has(name.replace(/[-_]/g, '').toLowerCase())

/**
 * Secrets by their looks. None of them reaches over a quotation mark or a backslash, so a line of JSON stays one.
 */
const looks: [RegExp, string][] = [
  // Our own secrets are 256 bits behind a prefix; others announce themselves.
  [/\b([a-z]{2,12})_[\w-]{43}(?![\w-])/g, `$1_${redacted}`],
  [/\b(sk-ant|sk|gh[opsu]|github_pat|xox[abeprs])[-_][\w-]{16,}/g, `$1_${redacted}`],
  [/\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]+){1,3}/g, redacted],
  [/\b(bearer|basic)\s+[\w~+/.=-]{6,}/gi, `$1 ${redacted}`],
  [/((?:__Host-|__Secure-)?next-auth\.[\w.-]+=)[^;,\s"'\\]+/g, `$1${redacted}`],
  // A value in an address, its name percent-encoded or not.
  [
    /([?&;#][\w.%[\]-]*(?:token|secret|password|passwd|signature|code|state|nonce|assertion|session|api_?key|access_?key|verifier)[\w.%[\]-]*=)[^&\s"'\\<>#]+/gi,
    `$1${redacted}`,
  ],
  [/(\w:\/\/)[^\s/"'\\@]+@/g, `$1${redacted}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?-----END [A-Z ]*PRIVATE KEY-----/g, redacted],
]

/** A text without what looks like a secret. */
export const scrubText = (text: string): string => looks.reduce((left, [look, instead]) => left.replace(look, instead), text)

/** A copy of what is to be logged, without the values whose names say that they are none of a log's business. */
export function scrubFields(value: unknown, depth = 0): unknown {
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (value instanceof URL) return value.href
  if (depth >= maxDepth) return '[deeper]'
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => scrubFields(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maxItems)
      .map(([name, held]) => [name, isSecretName(name) && held ? redacted : scrubFields(held, depth + 1)]),
  )
}
