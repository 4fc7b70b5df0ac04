import type { Entity, Field } from '../app-model.ts'
import { readField } from './fields.ts'
import { fieldsIn } from './lookup.ts'
import { addRule, refusal } from './rules.ts'
import { entitiesIn } from './subject.ts'

/** Records that take time: a start, an end, and no overlap. */

const startWord = /^(?:start|begin|from|checkIn|arrival|pickup|opening|since)/i
const endWord = /^(?:end|finish|until|to$|till|checkOut|departure|return|closing)/i

/** The start and end fields of an entity, of one type; null where it has no such pair. */
export function pairOf(entity: Entity): { start: Field; end: Field } | null {
  const timed = entity.fields.filter(({ type }) => type === 'time' || type === 'date')
  const start = timed.find(({ name }) => startWord.test(name)) ?? timed.find(({ name }) => /(?:Start|From|Begin)/.test(name))
  const end = timed.find(
    (field) => field !== start && field.type === start?.type && (endWord.test(field.name) || /(?:End|Until|To)$/.test(field.name)),
  )
  if (start && end) return { start, end }
  return null
}

/** "start", "end" with no word for their kind: times where a date stands beside them, else dates. */
export function settleTimes(entities: Entity[]): void {
  for (const entity of entities) {
    const hasDate = entity.fields.some(({ type, name }) => type === 'date' && !startWord.test(name) && !endWord.test(name))
    for (const field of entity.fields) {
      if (field.type === 'text' && /^(?:start|end|begin|finish|from|until|to|starts|ends)$/i.test(field.name))
        field.type = hasDate ? 'time' : 'date'
      else if (hasDate && field.type === 'date' && /^(?:checkin|checkout|arrival|departure)$/i.test(field.name)) field.type = 'time'
    }
  }
}

export const overlapWords =
  /\boverlap|\bdouble[- ]?book|\bclash|\b(?:conflicting|colliding) \w+|\bat the same time\b|겹치|겹친|겹칩|이중|중복 (?:신청|배정|배차)/i

/** "A list of bookings must not overlap" with no times in sight needs times: the usual three are added. */
function giveTimes(entity: Entity, language: 'en' | 'ko'): void {
  const labels = language === 'ko' ? ['날짜', '시작 시각', '끝 시각'] : ['date', 'start time', 'end time']
  for (const label of labels) {
    const read = readField(label, language)
    if (read && !entity.fields.some(({ name }) => name === read.field.name)) entity.fields.push(read.field)
  }
}

/** Reads overlap and order of times out of one sentence. */
export function readTimes(sentence: string, entities: Entity[], language: 'en' | 'ko'): void {
  const overlaps = overlapWords.test(sentence)
  const owner = entitiesIn(sentence, entities).find(pairOf) ?? entities.find(pairOf)
  if (overlaps && !owner) {
    const subject = entities.find(({ fields }) => fields.some(({ type }) => type === 'reference' || type === 'date'))
    if (subject && entitiesIn(sentence, entities).includes(subject)) giveTimes(subject, language)
  }
  const told = comparedIn(sentence, entities)
  if (told) addRule(told.entity, { kind: 'ordered', lower: told.lower.name, upper: told.upper.name })
  const entity = owner ?? entities.find(pairOf)
  const pair = entity && pairOf(entity)
  if (!entity || !pair) return
  if (overlaps)
    addRule(entity, {
      kind: 'overlap',
      within: withinOf(sentence, entity, entities, pair.start),
      start: pair.start.name,
      end: pair.end.name,
    })
  if (overlaps || orderedIn(sentence)) {
    addRule(entity, { kind: 'ordered', lower: pair.start.name, upper: pair.end.name })
    for (const field of [pair.start, pair.end]) field.required = true
  }
}

/** What must be the same for two records to be in each other's way: the things named, and the day of times. */
function withinOf(sentence: string, entity: Entity, entities: Entity[], start: Field): string[] {
  const named = entitiesIn(sentence, entities)
  const references = entity.fields.filter(({ type }) => type === 'reference')
  const chosen = references.filter(({ target }) => named.some(({ name }) => name === target))
  const fields = chosen.length > 0 ? chosen : references.slice(0, 1)
  const date = start.type === 'time' ? entity.fields.find(({ type }) => type === 'date') : undefined
  for (const field of [...fields, ...(date ? [date] : [])]) field.required = true
  return [...fields, ...(date ? [date] : [])].map(({ name }) => name)
}

/** "X must be after Y", of two fields of one type; a refusal of the opposite says the same. */
export function comparedIn(sentence: string, entities: Entity[]): { entity: Entity; lower: Field; upper: Field } | null {
  const above = /\b(?:after|later than|greater than|higher than|more than|above)\b|보다 (?:늦|커|크|높|많)|이후/i.test(sentence)
  const below = /\b(?:before|earlier than|less than|lower than|smaller than|below)\b|보다 (?:빠르|빨라|이르|작|낮|적)|이전/i.test(sentence)
  if (above === below) return null
  for (const entity of entities) {
    const [first, second, ...more] = fieldsIn(entity, sentence).filter(({ type }) =>
      ['date', 'time', 'integer', 'decimal', 'cents'].includes(type),
    )
    if (!first || !second || more.length > 0 || first.type !== second.type) continue
    const firstIsUpper = above !== (refusal.test(sentence) && !/\bmust\b|어야|해야|여야/i.test(sentence))
    return firstIsUpper ? { entity, lower: second, upper: first } : { entity, lower: first, upper: second }
  }
  return null
}

/** Whether a sentence says that the end comes after the start. */
export function orderedIn(sentence: string): boolean {
  return /\b(?:end(?:s|ing)?|finish(?:es|ing)?|check-?out|return|until)\b.{0,60}\b(?:after|before|earlier|later|greater|less|equal|same|not precede)\b.{0,60}\b(?:start(?:s|ing)?|begins?|beginning|check-?in|pick-?up|from)\b|\bstarts?\b.{0,50}\b(?:before|earlier|less)\b.{0,40}\bends?\b|(?:끝|종료|마치|반납).{0,25}시작.{0,15}보다|시작.{0,20}(?:끝|종료|반납).{0,15}보다/i.test(
    sentence,
  )
}

export function adjacentIn(sentence: string): boolean {
  return /\b(?:starts?|begins?|starting|beginning)\b.{0,50}\b(?:when|as|at|where|right after|the moment|the day|the time|the date|exactly)\b.{0,60}\b(?:ends?|ending|finish\w*|stops?)\b|\bback[- ]to[- ]back\b|\btouch(?:es|ing)?\b|\badjacent\b|\bends?\b.{0,40}\b(?:when|as|at)\b.{0,50}\b(?:starts?|begins?)\b|(?:끝|종료)(?:나는|되는|나고) (?:시각|시간|때|날|즉시)에? (?:바로 )?시작|끝나자마자|직후에? 시작|바로 (?:이어|뒤|다음)|맞닿/i.test(
    sentence,
  )
}

export function freedIn(sentence: string): boolean {
  return (
    /\b(?:cancel|delet|remov|return)\w*\b.{0,80}\b(?:again|free|frees|freed|available|reus\w+|re-?book\w*|bookable|open)\b/i.test(
      sentence,
    ) || /(?:취소|삭제|반납).{0,40}(?:다시|가능|비|풀)/.test(sentence)
  )
}
