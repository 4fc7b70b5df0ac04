import { isPlausible, isStandIn, isWordy } from './plausible.ts'
import type { Rule } from './types.ts'

/** Names of secrets; a name may begin with anything (`STRIPE_API_KEY`, `dbPassword`) but ends like this. */
const names = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'pwd', 'secret', 'token', 'credentials?', '비밀번호', '암호'],
  ...[
    '(?:api|access|account|auth|client|encryption|license|master|private|secret|service|session|shared|signing|storage|webhook)[-_ .]?key',
  ],
  ...['secret[-_]?key[-_]?base', 'client[-_ .]?secret', '_auth', 'authorization', 'connection[-_]?string', 'dsn[-_]?key'],
].join('|')
const quote = '\\\\{0,8}["\'`]'
// Between a name and its value: quotes or brackets that close the name, a type, and what assigns.
const join = `(?:${quote})?\\]?[ \\t]{0,20}(?::[ \\t]{0,4}(?:string|str|String)[ \\t]{0,4}(?==))?(?::=|=>|=(?!=)|:(?!:)|>|,(?=[ \\t]{0,4}["'\`]))[ \\t]{0,20}`
const value = (mark: string) => `\\\\*${mark}([^\\s\\\\${mark}]{4,4096})\\\\*${mark}`
const quoted = [value('"'), value("'"), value('`')].join('|')
const bare = `([^\\s"'\`\\\\,;<>(){}\\[\\]&|=]{4,4096}={0,2})(?=[\\s"'\\\\,;<&|)}\\]]|$)`
const assignment = new RegExp(`(?:${names})\\d{0,2}(?:${join}(?:${quoted}|${bare}))`, 'giu')
/** `--password x`, `--token=x`. */
const option = new RegExp(`--[\\w-]{0,40}?(?:password|passwd|secret|token|api-?key|access-?key)[ =](?:${quoted}|${bare})`, 'gi')
/** A line of an environment file whose value is a phrase is still a password: `DB_PASSWORD=correct-horse-battery`. */
const environmentLine =
  /(?:^|\n|\\n)[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]{0,60}?(?:PASSWORD|PASSPHRASE|PASSWD)=([^\s"'`\\$(){}]{8,256})(?=\s|\\|$)/g
/** Docker's and npm's files keep `user:password` in base64 under this name. */
const basic = /"auth\\{0,8}"\s{0,8}:\s{0,8}\\*"([A-Za-z0-9+/=]{12,2048})\\*"/g

function* matches(text: string, pattern: RegExp): Generator<{ value: string; start: number; quoted: boolean }> {
  for (const match of text.matchAll(pattern)) {
    const index = match.findIndex((group, at) => at > 0 && group !== undefined)
    const found = match[index]
    if (found === undefined) continue
    // The value ends the match, but for the quotes behind it.
    const start = match.index + match[0].lastIndexOf(found)
    yield { value: found, start, quoted: index < 4 }
  }
}

/** A bare value ends with the run of characters that it stands in, so none begins further before that end than it may be long. */
const run = /[^\s"'`\\,;<>(){}[\]&|=]+/g
const runsEnd = 4_400
const shorter = (whole: string) => (whole.length > runsEnd ? '\0'.repeat(whole.length - runsEnd) + whole.slice(-runsEnd) : whole)
const ending = /[\s"'`\\,;<>(){}[\]&|=]/
/** Whether there is a run that long; looks at few characters of a text that has none. */
function hasLongRun(text: string): boolean {
  for (let last = -1, at = runsEnd; at < text.length; at = last + 1 + runsEnd) {
    while (at > last && !ending.test(text.charAt(at))) at--
    if (at === last) return true
    last = at
  }
  return false
}
const shortened = (text: string) => (hasLongRun(text) ? text.replace(run, shorter) : text)

const named: Rule = (text, report) => {
  const short = shortened(text)
  for (const pattern of [assignment, option]) {
    for (const { value, start, quoted } of matches(short, pattern)) {
      if (!isPlausible(value, quoted)) continue
      report({ start, end: start + value.length, rule: 'named-secret', strong: value.length >= 12 })
    }
  }
}

const inEnvironmentFile: Rule = (text, report) => {
  for (const { value, start } of matches(text, environmentLine)) {
    if (!isStandIn(value)) report({ start, end: start + value.length, rule: 'named-secret', strong: !isWordy(value) && value.length >= 12 })
  }
}

const inAuthField: Rule = (text, report) => {
  for (const { value, start } of matches(text, basic)) {
    if (Buffer.from(value, 'base64').includes(':')) report({ start, end: start + value.length, rule: 'named-secret', strong: true })
  }
}

const nameOfSecret = new RegExp(`(?:${names})\\d{0,2}$`, 'iu')
/** Whether a field of this name holds a secret, where it and its value are two strings. */
export const isNameOfSecret = (name: string): boolean => name.length <= 100 && nameOfSecret.test(name)

/** Secrets that are known by the name before them. */
export const assignmentRules: readonly Rule[] = [named, inEnvironmentFile, inAuthField]
