/** Words that stand where a secret will stand one day. */
const stand = [
  ...['change', 'example', 'placeholder', 'replace', 'redacted', 'dummy', 'sample', 'default', 'todo', 'insert', 'undefined', 'optional'],
  ...['required', 'your', 'enter', 'here', 'xxxx', '0000', '1234567', 'abcdef', 'foobar', 'lorem', 'localhost', 'fixme', 'mock', 'fake'],
]
const standIn = new RegExp(stand.join('|'), 'i')
/** `${X}`, `{{x}}`, `<x>`, `%X%`, `$X`, `$(x)`, `[x]`, `@x@`, and rows of one character. */
const template = /\$\{|\$\(|\{\{|^<.*>$|^%.*%$|^\$[A-Za-z_]\w*$|^\[.*\]$|^\{.*\}$|^@.*@$|^(.)\1*$|^[*.•_-]+$/
const commonPasswords = new Set([
  ...[
    'password',
    'passwort',
    'secret',
    'postgres',
    'root',
    'admin',
    'user',
    'pass',
    'test',
    'guest',
    'mysql',
    'redis',
    'rabbitmq',
    'minio',
  ],
  ...[
    'minioadmin',
    'mongo',
    'mypassword',
    'username',
    'password1',
    'password123',
    'app',
    'dev',
    'development',
    'local',
    'none',
    'null',
    'true',
  ],
  ...['false', 'string', 'number', 'token', 'maestro', 'elastic', 'grafana', 'secretpassword', 'supersecret'],
])

/** The first run of characters that a token can have. */
export const tokenOf = (text: string): string => /^[^\s"'`\\,;<>(){}]*/.exec(text)?.[0] ?? ''

/** Whether this only marks a place for a secret, or is a word that everybody sets there. */
export const isStandIn = (value: string): boolean =>
  template.test(value) || commonPasswords.has(value.toLowerCase()) || (standIn.test(value) && pieces(value).every(isSimple))

// Chance writes short words into random text, too; it does not write words only.
const isSimple = (piece: string) => /^[A-Za-z]*\d*$/.test(piece)
const pieces = (value: string) => value.split(/[^A-Za-z0-9\u0080-\uffff]+|(?<=[a-z])(?=[A-Z])/).filter(Boolean)

/** A name or a phrase: words, perhaps with a short number behind each. Random text of any length is none. */
export const isWordy = (value: string): boolean =>
  pieces(value).every((piece) => /^(?:[A-Z]?[a-z]{1,24}|[A-Z]{1,24}|[\u0080-\uffff]+)?\d{0,2}$/.test(piece))

/** `tokenV2`, `Uint8Array`, `TYPE_2_NAME`: what a program writes without quotes. */
const isIdentifier = (value: string) => /^(?:[A-Za-z_$]+\d{0,3}|[A-Z][a-z]+\d{1,3}[A-Z][a-z]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)$/.test(value)

const kinds = (value: string) => [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9\s]/].filter((kind) => kind.test(value)).length

/**
 * Whether a value that stands behind a name such as `password` is a secret rather than a name, a type, a reference or a marker.
 * @param quoted it stood in quotes; without them it may as well be an expression
 */
export function isPlausible(value: string, quoted: boolean): boolean {
  if (value.length < 8 || new Set(value).size < 5 || isStandIn(value) || isWordy(value)) return false
  if (/^(?:https?|wss?|file|data|mailto|urn):/i.test(value)) return false
  if (kinds(value) < 2 && value.length < 20) return false
  if (quoted) return true
  // `config.token2`, `parseTokenV2`, `process.env.TOKEN_1`, `self._secret`: references, not values.
  if (/^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+$/.test(value)) return value.length > 60
  return /\d/.test(value) && !isIdentifier(value)
}
