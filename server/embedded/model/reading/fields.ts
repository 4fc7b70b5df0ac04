import type { Field } from '../app-model.ts'
import { isMeasure, isMoney, takesChoices, typeOfWords } from './lexicon.ts'
import { brackets, splitList } from './lists.ts'
import { applyNotes } from './notes.ts'
import { asciiWords, identifier, participle } from './words.ts'

/** A field as the issue lists it, before it is known which other entity it may point to. */
export interface ReadField {
  field: Field
  /** Required (true) or optional (false) in so many words, or null. */
  marked: boolean | null
  /** "who paid": somebody out of the parent's list; `several` for "who shares it (at least one …)". */
  person: 'one' | 'several' | null
  /** Counts only where an entity of that name exists: "log a call with a customer". */
  ifEntity?: boolean
}

const leading =
  /^(?:(?:an?|the|its|their|his|her|some|each|every|new|optionally|optional|required|unique|zero or more|one or more|any number of|multiple|several|many|list of|and|or|also|with|both|whether(?: it is)?)\s+)+/i
const noteWords =
  /\s(?:must|should|that|which|as (?:an?|the)|in cents|up to|at most|at least|between|from \d|of type|to be|is|are|can|may|has to|needs?|not longer|no longer|max|min|default|defaults|optional|required|so that|where|when|using|>=?|<=?|=|필수|선택|최대|최소)(?=\s|$).*$/i
const koreanNote = /^(.{1,20}?)(?:은|는|이|가)\s+(.*(?:필수|선택|이상|이하|이내|최대|최소|숫자|정수|중 하나|양수|한다|합니다).*)$/

const unitWords =
  /\s(?:in|as) (?:seconds|minutes|hours|days|weeks|months|years|kg|kilograms?|grams?|g|km|m|cm|meters|metres|litres|liters|ml|percent|points|euros?|dollars?|won|pages)$/i

/** The label and the remarks of one piece of an enumeration; `unit` says that the label named one, so it is a number. */
function parts(piece: string): { label: string; notes: string[]; unit: boolean } {
  const { outside, inside } = brackets(piece.replace(/[.。]+$/, ''))
  const notes = [...inside]
  let label = outside
  const pulled = /^(.{1,60}?)\s*(?::|=|\s[-–]\s|\s→\s)\s*(.{1,300})$/.exec(label)
  if (pulled && !/`[^`]*:[^`]*`/.test(label)) {
    label = pulled[1] ?? ''
    notes.push(pulled[2] ?? '')
  }
  const korean = koreanNote.exec(label)
  if (korean) {
    label = korean[1] ?? ''
    notes.push(korean[2] ?? '')
  }
  const trailing = noteWords.exec(label)
  if (trailing && trailing.index > 0 && !/^who\s/i.test(label)) {
    notes.push(trailing[0].trim())
    label = label.slice(0, trailing.index)
  }
  const lead = leading.exec(label)?.[0] ?? ''
  if (lead) notes.push(lead.trim())
  label = label
    .slice(lead.length)
    .replace(/[`"'*]/g, '')
    .replace(/\s(?:등|등등|etc|and so on)$/i, '')
    .replace(/\s+$/, '')
    .trim()
  const measured = label.replace(unitWords, '')
  return { label: measured, notes, unit: measured !== label }
}

/** "who paid" -> paidBy. */
function personField(label: string, notes: string[]): ReadField | null {
  const who = /^(?:by )?who(?:m)?\s+(?:is\s+|has\s+|have\s+|was\s+)?([a-z]+)/i.exec(label)
  const verb = who?.[1]?.toLowerCase()
  if (!verb) return null
  const several =
    /\bat least\b|\ball\b|\bone or more\b|\bseveral\b|\beveryone\b/i.test(`${label} ${notes.join(' ')}`) || /^for whom/i.test(label)
  const field: Field = { name: `${participle(verb)}By`, label, type: several ? 'list' : 'text', required: true }
  const { field: noted, marked } = applyNotes(field, notes, false)
  noted.type = several ? 'list' : 'text'
  if (several) noted.minItems ??= 1
  return { field: noted, marked, person: several ? 'several' : 'one' }
}

const noField =
  /^(?:create|add|edit|update|delete|remove|list|view|search|filter|sort|browse|manage|추가|등록|수정|삭제|조회|목록|검색|편집|관리|보기|etc|so on|more|others?|things?|stuff|everything|anything|it|them|등|등등|기타|that|this|these|all|none|some)$/i

/** One piece of an enumeration as a field, or null where it does not read like one. */
export function readField(piece: string, language: 'en' | 'ko', remarks: string[] = []): ReadField | null {
  const { label, notes, unit } = parts(piece)
  notes.push(...remarks)
  const person = personField(label, notes)
  if (person) return person
  if (label === '' || label.length > 50 || noField.test(label)) return null
  if (label.split(' ').length > (language === 'ko' ? 4 : 5) || /[/?<>{}=@#]|https?:/.test(label) || !/\p{L}/u.test(label)) return null
  const words = asciiWords(label)
  let type = unit && typeOfWords(words) !== 'decimal' ? 'integer' : typeOfWords(words)
  if (type === 'decimal' && language === 'ko' && isMoney(words)) type = 'integer'
  const field: Field = { name: identifier(words, 'field'), label, type, required: false }
  if (field.type === 'url') field.schemes = ['http', 'https']
  const read = applyNotes(field, notes, takesChoices(words))
  if (isMeasure(words) && ['integer', 'decimal', 'cents'].includes(field.type)) field.min ??= 0
  if (field.type === 'url') field.schemes ??= ['http', 'https']
  else delete field.schemes
  if (field.type === 'boolean') field.default ??= false
  return { ...read, person: null }
}

/** All fields of an enumeration; pieces that are no fields are left out, and so is a second one of the same name. */
export function readFields(text: string, language: 'en' | 'ko'): ReadField[] {
  return uniqueFields(splitList(text).map((piece) => readField(piece, language)))
}

export function uniqueFields(read: (ReadField | null)[]): ReadField[] {
  const byName = new Map<string, ReadField>()
  for (const one of read) if (one && !byName.has(one.field.name)) byName.set(one.field.name, one)
  return [...byName.values()].slice(0, 24)
}
