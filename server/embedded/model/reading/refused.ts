import type { Check, Entity, Field } from '../app-model.ts'
import { fieldsIn } from './lookup.ts'
import { englishPhrase, koreanPhrase } from './phrases.ts'
import { refusal } from './rules.ts'
import { entitiesIn } from './subject.ts'
import { normal } from './words.ts'

/** Criteria about refused input: which field, and which values a test sends. */

type Value = { missing: true } | { value: unknown }
type Refused = Extract<Check, { pattern: 'refused' }>

const missing =
  /\bwithout\b|\bmissing\b|\bempty\b|\bblank\b|\brequired\b|\bmandatory\b|\bno (?!longer|more|less|two)\w+|\bmust (?:have|be given|be filled|include)\b|\bleav\w+ out\b|\bomit|없이|없는|없으면|비어|빈 |비우|비워|필수|누락|입력하지/i

function isNumber({ type }: Field): boolean {
  return type === 'integer' || type === 'decimal' || type === 'cents'
}

/** Values in code or quotes, that the issue itself gives as wrong ones. */
function quoted(sentence: string): string[] {
  const found = [...sentence.matchAll(/`([^`]{1,120})`|"([^"]{1,120})"|'([^' ][^']{0,118})'(?=[\s,.)]|$)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
  return found.filter((value) => !/^(?:(?:GET|POST|PUT|PATCH|DELETE)\s)?\/|^\d{3}$/.test(value))
}

function numberValues(sentence: string, field: Field): number[] {
  const values: number[] = []
  if (/\bnegative\b|\bbelow (?:zero|0)\b|\bless than (?:zero|0)\b|음수|마이너스|0보다 작/i.test(sentence)) values.push(-1)
  if (
    /(?<!\bto |below |than )\bzero\b|\b0 (?:is|are|or)\b|\bnon-?positive\b|(?<!\d)0(?:은|이거나|이면|이나|을|원|개| 이하|이하)/i.test(
      sentence,
    )
  )
    values.push(0)
  if (/\bfraction|\bdecimals? (?:is|are|amount)|\bnon-?integer|\bhalf\b|\bwhole\b|소수/i.test(sentence) && field.type !== 'decimal')
    values.push(10.5)
  const range = /(-?\d{1,9}(?:\.\d+)?)\s?(?:-|–|to|and|~|에서|부터)\s?(-?\d{1,9}(?:\.\d+)?)/.exec(sentence)
  const above =
    /(?:above|over|more than|greater than|at most|up to|exceed\w*|>)\s?(-?\d{1,9})|(-?\d{1,9})\s?(?:초과|을 넘|를 넘|보다 (?:크|큰|많))/i.exec(
      sentence,
    )
  const below = /(?:below|under|less than|fewer than|at least|smaller than|<)\s?(-?\d{1,9})|(-?\d{1,9})\s?(?:미만|보다 (?:작|적))/i.exec(
    sentence,
  )
  const atLeast = /(-?\d{1,9}) ?(?:명|개|원|점|자|권|회)? ?이상/.exec(sentence)?.[1]
  const atMost = /(-?\d{1,9}) ?(?:명|개|원|점|자|권|회)? ?이하/.exec(sentence)?.[1]
  if (/여야|어야|해야/.test(sentence)) values.push(...(atLeast ? [Number(atLeast) - 1] : []), ...(atMost ? [Number(atMost) + 1] : []))
  const plain = [...sentence.matchAll(/(?<![\w.-])(-?\d{1,9})(?:점|원|개|명|권)?(?=[\s,.]|이|은|을|를|도|$)/g)]
    .map(([, value]) => Number(value))
    .filter((value) => !/^4(?:00|04|09|22)$/.test(String(value)))
  if (!range && !above && !below) values.push(...plain.filter((value) => refuses(field, value)))
  if (range) values.push(Number(range[1]) - 1, Number(range[2]) + 1)
  if (above && !range) values.push(Number(above[1] ?? above[2]) + 1)
  if (below && !range) values.push(Number(below[1] ?? below[2]) - 1)
  return [...new Set(values)]
}

/** Bounds that only a criterion states become bounds of the field. */
function learnBounds(field: Field, values: number[]): void {
  for (const value of values) {
    if (Number.isInteger(value) && field.min === undefined && value <= 0 && (field.max === undefined || value < field.max))
      field.min = value + 1
    if (Number.isInteger(value) && value <= 0 && field.min !== undefined && field.min <= value) field.min = value + 1
    if (Number.isInteger(value) && field.max === undefined && value > Math.max(1, field.min ?? 0)) field.max = value - 1
  }
}

function lengthValues(sentence: string, field: Field): string[] {
  const longer =
    /(?:longer than|more than|over|exceed\w*|above|at most|up to)\s+(\d{1,5})\s?(?:characters?|chars?|letters?)?|(\d{1,5})\s?(?:자|글자)(?:를|을)? ?(?:넘|초과|보다 긴)/i.exec(
      sentence,
    )
  const limit = Number(longer?.[1] ?? longer?.[2])
  if (Number.isInteger(limit) && limit > 0) {
    field.maxLength ??= limit
    return ['x'.repeat(field.maxLength + 1)]
  }
  const stated = Number(/(\d{1,5})\s?(?:characters?|chars?|letters?|자|글자)/i.exec(sentence)?.[1])
  if (field.maxLength !== undefined && stated > field.maxLength && stated <= 20_000) return ['x'.repeat(stated)]
  return /\btoo long\b|너무 긴/i.test(sentence) && field.maxLength ? ['x'.repeat(field.maxLength + 1)] : []
}

const wrongOf: Partial<Record<Field['type'], string>> = {
  email: 'not-an-address',
  url: 'not-a-url',
  date: 'not-a-date',
  time: '25:99',
  choice: 'none-of-these',
  integer: 'abc',
  decimal: 'abc',
  cents: 'abc',
}

/** Values that this field refuses by what the sentence says; an empty list where it says nothing testable. */
function valuesFor(field: Field, sentence: string): Value[] {
  const values: Value[] = []
  if (missing.test(sentence)) {
    values.push({ missing: true })
    field.required = true
    if (field.type === 'list' || field.type === 'items') field.minItems ??= 1
  }
  if (isNumber(field)) {
    const numbers = numberValues(sentence, field)
    learnBounds(field, numbers)
    values.push(...numbers.filter((value) => refuses(field, value)).map((value) => ({ value })))
  } else if (['text', 'longtext', 'url', 'email'].includes(field.type)) {
    values.push(...lengthValues(sentence, field).map((value) => ({ value })))
  }
  if (!['text', 'longtext', 'list'].includes(field.type))
    values.push(
      ...quoted(sentence)
        .filter((value) => wrongValue(field, value))
        .map((value) => ({ value })),
    )
  const wrong = wrongOf[field.type]
  if (
    values.length === 0 &&
    wrong &&
    /\binvalid\b|\bnot a (?:valid|real)\b|\bmalformed\b|\bwrong\b|\bother than\b|\bunknown\b|\bmust be\b|\bvalid\b|\bnot one of\b|잘못된|올바르지|유효하지|형식|아닌|외의/i.test(
      sentence,
    )
  )
    values.push({ value: wrong })
  return values
}

function refuses(field: Field, value: number): boolean {
  return (
    (field.min !== undefined && value < field.min) ||
    (field.max !== undefined && value > field.max) ||
    (field.type !== 'decimal' && !Number.isInteger(value))
  )
}

function wrongValue(field: Field, value: string): boolean {
  if (field.type === 'url') return !(field.schemes ?? ['http', 'https']).some((scheme) => value.startsWith(`${scheme}://`))
  if (field.type === 'choice') return !field.choices?.includes(value) && normal(value) !== normal(field.label)
  return (
    !isNumber(field) &&
    field.type !== 'boolean' &&
    !['reference', 'item', 'items'].includes(field.type) &&
    normal(value) !== normal(field.label)
  )
}

/** All refusals of one criterion. Names in quotes may be the fields themselves. */
export function refusedChecks(sentence: string, entities: Entity[]): Refused[] {
  if (!refusal.test(sentence) && !/\brequired\b|\bmandatory\b|\bmust (?:be|have)\b|필수|이어야|여야/i.test(sentence)) return []
  // "Add a thing: name (required), …" describes what there is to fill in.
  if (!refusal.test(sentence) && /^[^:]{3,60}:\s.*,/.test(sentence)) return []
  const named = entitiesIn(sentence, entities)
  const owners = [...named, ...entities.filter((entity) => !named.includes(entity))]
  for (const entity of owners) {
    const checks = fieldsIn(entity, sentence)
      .filter(({ system }) => !system)
      .map((field): Refused => ({ pattern: 'refused', entity: entity.name, field: field.name, values: valuesFor(field, sentence) }))
      .filter(({ values }) => values.length > 0)
    if (checks.length > 0) return checks
  }
  const subject = named[0] ?? entities[0]
  const phrase = englishPhrase(sentence) ?? koreanPhrase(sentence)
  const blank = /\b(?:empty|blank|invalid) (?:form|input|\w+)\b|빈 /i.test(sentence) && (named.length > 0 || phrase === null)
  const title = subject?.fields.find(({ name }) => name === subject.titleField)
  if (!subject || !title || !blank) return []
  title.required = true
  return [{ pattern: 'refused', entity: subject.name, field: title.name, values: [{ missing: true }] }]
}
