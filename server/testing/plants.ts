import { randomBytes } from 'node:crypto'

/** Something that must not be found in the clear: the whole text, and the part of it that nobody else can have written. */
export interface Plant {
  text: string
  core: string
}

// Made when the test runs, so that no file of ours holds one. None has a quotation mark, a backslash or a bracket of markup: they stand in
// JSON, in source code and in blocks of a prompt.
const makers: readonly ((core: string) => string)[] = [
  (core) => `AKIA${core.toUpperCase()}`,
  (core) => `sk-ant-api03-${core}`,
  (core) => `ghp_${core}`,
  (core) => `postgres://app:${core}@db.internal:5432/notes`,
  (core) => `const quota_${core} = (rows) => rows.reduce((left, row) => left - row.used, 42)`,
  (core) => `SELECT total FROM ledger_${core} WHERE owner = current_user`,
  (core) => `회의록 ${core}은 우리 팀만 볼 수 있어요`,
  (core) => `내부 비밀번호는 ${core}입니다`,
  (core) => `the merger with ${core} is not public`,
  (core) => `export async function settle_${core}(account) { return account.balance }`,
]

/** So many secrets and fragments of code, in English and Korean, each different in every run. */
export function makePlants(count: number): Plant[] {
  return Array.from({ length: count }, (_, at) => {
    const core = randomBytes(12).toString('hex')
    const make = makers[at % makers.length] as (core: string) => string
    return { text: make(core), core: at % makers.length === 0 ? core.toUpperCase() : core }
  })
}

/** Base64 of a text as it stands inside the base64 of something longer, which may begin at any of three places. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    return whole.slice([0, 2, 3][shift], Math.floor((8 * (shift + bytes.length)) / 6))
  })
}

/** A text as it could lie somewhere: in three encodings, as base64, as hexadecimal digits, and as JSON escapes it. */
function formsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text)
  const utf16 = Buffer.from(text, 'utf16le')
  const escaped = text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const base64 = [utf8, utf16].flatMap(base64Forms)
  const texts = [...base64, ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')), utf8.toString('hex'), escaped]
  const upper = utf8.toString('hex').toUpperCase()
  return [utf8, utf16, Buffer.from(utf16).swap16(), ...[...texts, upper].map((form) => Buffer.from(form))]
}

/** Everything by which a plant would be found again. */
export function needlesOf(plants: readonly Plant[]): Map<string, Buffer> {
  const needles = new Map<string, Buffer>()
  for (const { text, core } of plants) for (const form of [...formsOf(text), ...formsOf(core)]) needles.set(form.toString('latin1'), form)
  return needles
}
