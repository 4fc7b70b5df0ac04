import type { Entity, Field, Rule } from '../app-model.ts'
import { fieldNamed, fieldsIn } from './lookup.ts'
import { entitiesIn, fieldIn, pick, subjectOf } from './subject.ts'
import { asciiWords, identifier, normal, plural, singular } from './words.ts'

/** Counters, sums, marks, unique values and refused deletions, each read out of one sentence. */

export function addRule(entity: Entity, rule: Rule): void {
  const same = (other: Rule): boolean => JSON.stringify({ ...other, route: '' }) === JSON.stringify({ ...rule, route: '' })
  if (!entity.rules.some(same)) entity.rules.push(rule)
}

const counts =
  /\b(?:count(?:s|ing|ed)?|track(?:s|ing)? (?:how many|the number of)|how many|number of)\s+(?:the\s+|all\s+)?(?:number of\s+|how many\s+)?([a-z-]{3,20})\s+(?:on|of|for|per|to)\s+(?:each|every|an?|the|one)\b/i
const raises =
  /\b(?:rais|increas|increment|bump|add|count)\w*\s+(?:one to\s+|1 to\s+|up\s+)?(?:its|the|a|an|that \w+'s|their)\s+((?:[a-z-]{3,20}\s){0,2}?)(?:count|counter|total|number)\b|\b([a-z-]{3,20})[ -](?:count|counter)\b.{0,30}\b(?:goes up|rises|increases|is raised|grows|incremented)|\b(?:goes|go) up by (?:one|1)\b/i
const countsOne = /\bcounts?\s+(?:as\s+)?(?:one|1|a)\s+([a-z-]{3,20})\b/i
const koreanRaises =
  /([가-힣]{1,10}?)(?:이|가|을|를)?\s*(?:1|하나|한 번|일)?(?:씩|만큼|이|을)?\s*(?:올라|증가|늘어|오른다|올린다|센다|셉니다|집계)/

/** The words that name what is counted, or null. */
export function countedIn(sentence: string): string | null {
  const noun =
    counts.exec(sentence)?.[1] ??
    countsOne.exec(sentence)?.[1] ??
    (raises
      .exec(sentence)
      ?.slice(1)
      .find((part) => part?.trim()) ||
      koreanRaises.exec(sentence)?.[1])
  const words = noun?.trim() ?? ''
  return words === '' || /^(?:total|number|all|which|that|this|when|and)$/i.test(words) ? null : words
}

/** A counter: a whole number that the app itself raises when a record is opened. */
export function readCounter(sentence: string, entities: Entity[]): void {
  const words = countedIn(sentence)
  if (!words) return
  const named = entitiesIn(sentence, entities)
  const entity = named.at(-1) ?? subjectOf(sentence, entities)
  if (!entity || entities.some(({ label }) => normal(label) === normal(words))) return
  const known = fieldNamed(entity, words) ?? fieldNamed(entity, `${words} count`)
  if (known && known.type !== 'integer') return
  const ascii = asciiWords(words)
  const last = ascii.at(-1) ?? 'count'
  const hangul = /[가-힣]/.test(words)
  const name = identifier([...ascii.slice(0, -1), hangul ? last : plural(singular(last))], 'count')
  const field: Field = known ?? { name, label: hangul ? words : plural(singular(words.toLowerCase())), type: 'integer', required: false }
  Object.assign(field, { type: 'integer', required: false, system: true, default: 0, min: 0 })
  if (!known) entity.fields.push(field)
  const target = entity.fields.find(({ type }) => type === 'url')?.name ?? null
  const taken = entities.some(({ rules }) => rules.some((rule) => rule.kind === 'counter' && rule.route === '/go/:id'))
  addRule(entity, { kind: 'counter', field: field.name, route: target && !taken ? '/go/:id' : `${ownRoute(entity)}/:id/open`, target })
}

function ownRoute(entity: Entity): string {
  return entity.parent ? `/api/${entity.route.split('/').at(-1)}` : entity.route
}

/** "Show the total of the prices": the sum of a number over the listed records. */
export function sumIn(sentence: string, entities: Entity[]): { entity: Entity; field: Field } | null {
  if (
    !/\b(?:the|a|running|grand|overall|monthly)\s+(?:total|sum)\b|\b(?:sum|total) of\b|\btotals?\b.{0,30}\b(?:shown|displayed|is|equals)|\bsum(?:s|med)? up\b|합계|총액|총합|총계|총 ?(?:금액|비용|지출|수입)|모두 더/i.test(
      sentence,
    )
  )
    return null
  const numeric = (field: Field): boolean => ['integer', 'decimal', 'cents'].includes(field.type) && !field.system
  const named = fieldIn(sentence, entities, numeric)
  if (named) return named
  const owner = pick(sentence, entities, (entity) => entity.fields.some(numeric))
  const numbers = owner?.fields.filter(numeric) ?? []
  // With several numbers and none named, any choice would be a guess.
  return owner && numbers.length === 1 && numbers[0] ? { entity: owner, field: numbers[0] } : null
}

export function readSum(sentence: string, entities: Entity[]): void {
  const sum = sumIn(sentence, entities)
  if (sum) addRule(sum.entity, { kind: 'sum', field: sum.field.name, path: 'total' })
}

const mark = /\b(?:mark|check|tick|flag|set|toggle)(?:s|ed|ing)?\s+(?:off\s+)?(.{1,40}?)\s+(?:as|off as|to)\s+["'`]?([a-z-]{3,20})["'`]?/i
const tick = /\b(?:tick|check|cross)(?:s|ed|ing)? off\s+((?:the |an? )?(?:[a-z-]+\s)?)/i
const koreanMark = /([가-힣]{1,6}?)(?:으로|로)?\s?(?:여부를?|표시|체크|처리)/

/** "Mark a task as done": a yes-or-no field, unless a choice field already offers the word. */
export function readMark(sentence: string, entities: Entity[], language: 'en' | 'ko'): void {
  const found = language === 'ko' ? koreanMark.exec(sentence) : (mark.exec(sentence) ?? tick.exec(sentence))
  const word = (language === 'ko' ? found?.[1] : found && (found[2] ?? 'done'))?.replace(/(?:으로|로|을|를)$/, '')
  if (
    !found ||
    !word ||
    (language === 'ko' && !/^(?:완료|읽음|구매|결제|즐겨찾기|중요|해결|반납|출석|참석)$/.test(word)) ||
    /^(?:the|a|an|required|optional|me|it)$/i.test(word)
  )
    return
  // "Mark all tests as passed" marks nothing that the app keeps.
  const marked = found[1] ?? ''
  const known =
    language === 'ko' ||
    found[2] === undefined ||
    entitiesIn(marked, entities).length > 0 ||
    /^(?:it|them|one|each|items?|entr(?:y|ies))$/i.test(marked.trim())
  const target = known ? (entitiesIn(sentence, entities)[0] ?? subjectOf(marked, entities)) : null
  if (
    !target ||
    target.fields.some(({ choices }) => choices?.some((choice) => normal(choice) === normal(word))) ||
    fieldNamed(target, word)
  )
    return
  target.fields.push({ name: identifier(asciiWords(word), 'done'), label: word, type: 'boolean', required: false, default: false })
}

/** "No two … have the same name", "must be unique", "duplicate". */
export function uniqueIn(sentence: string, entities: Entity[]): { entity: Entity; field: Field } | null {
  if (
    !/\bunique\b|\bno two\b|\bduplicates?\b|\balready (?:exists?|taken|used|in use|registered)\b|\btwice\b|\btwo\b.{1,60}\bsame\b|\bsame\b.{0,40}\b(?:again|twice|refused|rejected|not allowed|error)|중복|이미 (?:있는|존재|등록)|같은 .{1,12}(?:두 번|다시|또)/i.test(
      sentence,
    )
  )
    return null
  return fieldIn(sentence, entities, ({ type }) => ['text', 'email', 'url', 'integer', 'date'].includes(type))
}

export function readUnique(sentence: string, entities: Entity[]): void {
  // "name, code (unique)" says it of one field and was read with the fields.
  if (/\([^()]{0,60}\b(?:unique|duplicates?)\b|\([^()]{0,30}중복/i.test(sentence)) return
  const unique = uniqueIn(sentence, entities)
  if (unique && !/겹치|overlap/i.test(sentence)) unique.field.unique = true
}

export const refusal =
  /\b(?:refus|reject|forbid|prevent|disallow|block|den(?:y|ied))\w*|\bcan(?:no|'|\s?no)t\b|\bnot (?:be )?(?:allowed|accepted|possible|permitted|deletable|removable)\b|\bmust(?:n't| not)\b|\bimpossible\b|\bshould(?:n't| not)\b|\berrors?\b|\binvalid\b|\b400\b|\b409\b|\b422\b|\bfails?\b|거절|거부|막|할 수 없|수 없다|안 된다|안 돼|안된|못 |불가|오류|에러|실패|허용되지|허용하지|되지 않(?:는|아|습|고)|안 (?:되|됩)/i
const removal = /\b(?:remov|delet|eras|drop)\w*|삭제|제거|지우|지울|빼/i

/** A refused removal: of an entry of a list that a child names, or of a record that others point to. */
export function refusedRemoval(sentence: string, entities: Entity[]): { entity: Entity; rule: Rule } | null {
  if (!removal.test(sentence) || !refusal.test(sentence)) return null
  for (const entity of entities) {
    for (const field of fieldsIn(entity, sentence)) {
      if (field.type !== 'list') continue
      const child = entities.find((other) => other.parent === entity.name && other.fields.some(({ listField }) => listField === field.name))
      if (!child) continue
      const fields = child.fields.filter(({ listField }) => listField === field.name).map(({ name }) => name)
      return { entity, rule: { kind: 'refuseRemoveItem', field: field.name, entity: child.name, fields } }
    }
  }
  for (const entity of entitiesIn(sentence, entities)) {
    const other = entities.find((one) => one !== entity && one.fields.some(({ target }) => target === entity.name))
    const field = other?.fields.find(({ target }) => target === entity.name)
    if (other && field) return { entity, rule: { kind: 'refuseDelete', entity: other.name, field: field.name } }
  }
  return null
}

/** Records that others point to are never deleted from under them, whether the issue says so or not. */
export function protectReferences(entities: Entity[]): void {
  for (const other of entities) {
    for (const field of other.fields) {
      const target = field.type === 'reference' ? entities.find(({ name }) => name === field.target) : undefined
      if (target && target !== other) addRule(target, { kind: 'refuseDelete', entity: other.name, field: field.name })
    }
  }
}
