import type { Field } from '../app-model.ts'
import { splitNotes } from './lists.ts'

/** Remarks about a field, in brackets or after it: required, up to 200 characters, integer, > 0, one of a, b, c. */

export interface Noted {
  field: Field
  /** What the issue says about being required; null where it says nothing. */
  marked: boolean | null
}

const types: [Field['type'], RegExp][] = [
  ['cents', /\b(?:in )?cents\b|\bpence\b/i],
  ['email', /\be-?mail\b|이메일/i],
  ['url', /\burls?\b|\bhttps?\b/i],
  [
    'list',
    /\b(?:any number|zero or more|one or more|comma[- ]separated|multiple|several|list of|array|many|multi[- ]?select)\b|여러 ?(?:개|명)|복수|목록/i,
  ],
  ['longtext', /\b(?:long(?:er)? text|multi[- ]?line|markdown|textarea|paragraphs?|free text|rich text)\b|긴 글|여러 줄/i],
  ['boolean', /\b(?:boolean|bool|yes ?\/ ?no|yes or no|true ?\/ ?false|checkbox|flag|toggle)\b|참\/거짓|예\/아니오|체크박스|여부/i],
  ['integer', /\b(?:integers?|int|whole numbers?)\b|정수/i],
  ['date', /\b(?:date|datetime|timestamp|yyyy-mm-dd)\b|날짜/i],
  ['time', /\b(?:hh:mm|time of day|time)\b|시각/i],
  ['decimal', /\b(?:decimals?|float|numeric|number|money|currency)\b|숫자|소수|실수/i],
  ['text', /\b(?:string|text|varchar)\b|문자열|텍스트/i],
]

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text.replace(/,/g, ''))
  return Number.isFinite(value) ? value : undefined
}

const n = '(-?\\d[\\d,]{0,12}(?:\\.\\d{1,6})?)'
const letters = '(?:characters?|chars?|letters?|symbols?|글자|자)'

/** Lengths are measured in characters; numbers with no such unit are a number's range. */
function readLengths(note: string, field: Field): string {
  let rest = note
  const take = (pattern: string, apply: (found: RegExpExecArray) => void): void => {
    const found = new RegExp(pattern, 'i').exec(rest)
    if (!found) return
    apply(found)
    rest = rest.replace(found[0], ' ')
  }
  take(`${n} ?(?:-|–|to|and|~|에서|부터) ?${n} ?${letters}`, ([, low, high]) => {
    field.minLength = number(low)
    field.maxLength = number(high)
  })
  take(`(?:up to|at most|max(?:imum)?\\.?(?: length)?(?: of)?:?|no (?:longer|more) than|<=|≤|under|최대) ?${n} ?${letters}`, ([, high]) => {
    field.maxLength = number(high)
  })
  take(`(?:at least|min(?:imum)?\\.?(?: length)?(?: of)?:?|>=|≥|최소) ?${n} ?${letters}`, ([, low]) => {
    field.minLength = number(low)
  })
  take(`${n} ?${letters} ?(?:max(?:imum)?|or (?:less|fewer)|이내|이하|까지)`, ([, high]) => {
    field.maxLength = number(high)
  })
  take(`${n} ?${letters} ?(?:min(?:imum)?|or more|이상)`, ([, low]) => {
    field.minLength = number(low)
  })
  take(`max(?:imum)? length:? ?${n}`, ([, high]) => {
    field.maxLength = number(high)
  })
  return rest
}

function isWhole(field: Field): boolean {
  return field.type === 'integer' || field.type === 'cents'
}

/** Reads a number's bounds; `> 0` of a whole number is at least 1, of any other number at least a hundredth. */
function readRange(note: string, field: Field): void {
  const step = isWhole(field) ? 1 : 0.01
  const set = (low: number | undefined, high: number | undefined): void => {
    if (low !== undefined) field.min = low
    if (high !== undefined) field.max = high
    if ((low !== undefined || high !== undefined) && (field.type === 'text' || field.type === 'longtext')) field.type = 'integer'
  }
  const between = new RegExp(`(?:between|from)? ?${n} ?(?:-|–|to|and|~|\\.\\.\\.?|에서|부터) ?${n}(?![\\d-])`, 'i').exec(note)
  if (between && field.type !== 'date' && field.type !== 'time') {
    set(number(between[1]), number(between[2]))
    return
  }
  const above = new RegExp(`(?:>(?!=)|greater than|more than|above|over|bigger than) ?${n}|${n} ?(?:보다 (?:크|커|큰|많)|초과)`, 'i').exec(
    note,
  )
  if (above) set((number(above[1] ?? above[2]) ?? 0) + step, undefined)
  const below = new RegExp(`(?:<(?!=)|less than|below|under|fewer than) ?${n}|${n} ?(?:보다 (?:작|적)|미만)`, 'i').exec(note)
  if (below && !above) set(undefined, (number(below[1] ?? below[2]) ?? 0) - step)
  const least = new RegExp(`(?:>=|≥|at least|min(?:imum)?(?: of)?:?|not (?:less|lower) than|최소) ?${n}|${n} ?(?:or more|이상)`, 'i').exec(
    note,
  )
  if (least && !above) set(number(least[1] ?? least[2]), undefined)
  const most = new RegExp(
    `(?:<=|≤|at most|up to|max(?:imum)?(?: of)?:?|no more than|not (?:more|greater) than|최대) ?${n}|${n} ?(?:or less|이하)`,
    'i',
  ).exec(note)
  if (most && !below) set(undefined, number(most[1] ?? most[2]))
  if (/\bpositive\b|양수/i.test(note)) set(step, undefined)
  if (/\bnon[- ]?negative\b|\bnot (?:be )?negative\b|음수 불가|음수가 아닌/i.test(note)) set(0, undefined)
}

const counts: Record<string, number> = { one: 1, two: 2, three: 3, a: 1, 한: 1, 하나: 1, 두: 2 }

function readList(note: string, field: Field): void {
  const least = /(?:at least|minimum|>=|최소) ?(one|two|three|a|\d{1,3}|한|하나|두)\b|(\d{1,3}) ?(?:개|명) 이상|\bone or more\b/i.exec(note)
  if (least) field.minItems = counts[(least[1] ?? '').toLowerCase()] ?? number(least[1] ?? least[2]) ?? 1
}

const remark =
  /\b(?:required|optional|mandatory|must|needed|unique|integer|int|number|text|string|date|time|boolean|bool|decimal|float|characters?|chars?|cents?|at least|at most|up to|any|max|min|default|list|array|url|email|https?|longtext|positive|e\.g|for example|like|etc|can|only|not|empty|see|per|in)\b|필수|선택|최대|최소|이상|이하|글자|정수|숫자|날짜|여러|기본|중복|고유|\d/i

/** In brackets after "type" or "status" even "email" is a choice; these are not. */
const strongRemark =
  /\b(?:required|optional|mandatory|must|unique|default|characters?|chars?|at least|at most|up to|max|min|integer|string|text|number|date|list|any)\b|필수|선택|최대|최소|이상|이하|글자|기본|중복/i

/** Words offered for choosing: `one of a, b`, `a / b / c`, `a, b or c`. */
function choicesIn(note: string, offered: boolean): string[] | null {
  if (/\be\.g\b|\bfor example\b|\bsuch as\b|\blike\b|예:|예를/i.test(note)) return null
  const marked = /\b(?:one of|either|choices?:?|options?:?|enum:?|values?:?|choice of|can be|is)\s+(.{3,200})$/i.exec(note)
  const korean = /^(.{3,200}?) ?중(?:에서)? ?(?:하나|선택)/.exec(note)
  const slashes = /^[^/]{1,40}(?:\s?\/\s?[^/]{1,40}){1,11}$/.test(note) || /^[^|]{1,40}(?:\s?\|\s?[^|]{1,40}){1,11}$/.test(note)
  const either = /^[\p{L} -]{2,30}(?:, [\p{L} -]{2,30}){0,8},? (?:or|또는) [\p{L} -]{2,30}$/u.test(note)
  const body = marked?.[1] ?? korean?.[1] ?? (slashes || offered || either ? note : null)
  if (body === null) return null
  const parts = (body.split(';')[0] ?? '')
    .replace(/\bdefault(?:s to|ing to|:)?\s.*$/i, '')
    .split(/\s?[,/|]\s?(?:or |and )?|\s+or\s+|\s+(?:또는|혹은)\s+/)
    .map((part) =>
      part
        .replace(/["'`[\]{}]/g, '')
        .replace(/^(?:or|and)\s/i, '')
        .trim(),
    )
    .filter((part) => part !== '')
  const plausible = parts.length >= 2 && parts.length <= 15 && parts.every((part) => part.length <= 30 && part.split(' ').length <= 3)
  if (!plausible || parts.some((part) => /^(?:yes|no|true|false|https?)$/i.test(part))) return null
  return marked ||
    korean ||
    parts.every((part) => !(offered ? strongRemark : remark).test(part) || /^(?:\d{1,3}|not .{2,20}|in .{2,20})$/.test(part))
    ? [...new Set(parts)]
    : null
}

function markOf(note: string): boolean | null {
  if (/\boptional(?:ly)?\b|\bnot required\b|\bmay be empty\b|\bcan be empty\b|\bnullable\b|선택(?! ?하)|없어도|비워도/i.test(note))
    return false
  if (
    /\brequired\b|\bmandatory\b|\bnot empty\b|\bnon-?empty\b|\bmust be (?:given|set|present)\b|\bneeded\b|\bcan(?:'t|not) be (?:empty|blank)\b|필수|반드시/i.test(
      note,
    )
  )
    return true
  return null
}

function readDefault(note: string, field: Field): void {
  const found =
    /\b(?:default(?:s to|ing to)?|initially|starts? (?:as|at))[:=]?\s+["'`]?([\p{L}\p{N}._ -]{1,30}?)["'`]?(?=$|[,;).])|기본(?:값)?(?:은|:)?\s*["'`]?([\p{L}\p{N}._-]{1,30})/iu.exec(
      note,
    )
  const value = (found?.[1] ?? found?.[2])?.trim()
  if (value === undefined) return
  if (field.type === 'boolean') field.default = /^(?:true|yes|on|done|참)$/i.test(value)
  else if (field.type === 'integer' || field.type === 'decimal' || field.type === 'cents') field.default = number(value)
  else if (field.type !== 'date' && field.type !== 'time' && field.type !== 'list') field.default = value
}

function readSchemes(note: string, field: Field): void {
  const schemes = note.match(/\b(?:https?|ftp|mailto)\b/gi)?.map((scheme) => scheme.toLowerCase())
  if (schemes && field.type === 'url') field.schemes = [...new Set(schemes)].sort()
}

/** Reads all remarks about one field into it. `offered` says that bare words in brackets are choices. */
export function applyNotes(field: Field, notes: string[], offered: boolean): Noted {
  let marked: boolean | null = null
  for (const whole of notes) {
    const choices = choicesIn(whole, offered)
    if (choices) {
      field.type = 'choice'
      field.choices = choices
    }
    for (const note of choices ? [whole] : [whole, ...splitNotes(whole)].slice(-12)) {
      marked = markOf(note) ?? marked
      if (/\bunique\b|\bno duplicates\b|중복 ?(?:불가|없|안)|고유|유일/i.test(note)) field.unique = true
    }
    const rest = readLengths(whole, field)
    if (!choices) {
      const type = types.find(([, words]) => words.test(rest))?.[0]
      if (type && !(type === 'decimal' && field.type === 'integer') && !(type === 'text' && field.type !== 'text')) field.type = type
      if (/\bwhole\b|\binteger\b|정수/i.test(rest) && field.type === 'decimal') field.type = 'integer'
      if (field.type === 'list' || /\bat least (?:one|two|three|\d)\s+[a-z]{3,}/i.test(rest)) readList(rest, field)
      else readRange(rest, field)
      readSchemes(rest, field)
    }
    readDefault(whole, field)
  }
  return { field, marked }
}
