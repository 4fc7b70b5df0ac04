import type { FieldType } from '../app-model.ts'
import { isPlural, singular } from './words.ts'

/** What everyday field words mean, by the last word of a label. */

const byHead = new Map<string, FieldType>()
function heads(type: FieldType, words: string): void {
  for (const word of words.trim().split(/\s+/)) byHead.set(word, type)
}
heads('url', 'url link website homepage href webpage uri')
heads('email', 'email')
heads('date', 'date day deadline due birthday dob anniversary expiry checkin checkout arrival departure')
heads('time', 'time')
heads(
  'integer',
  `quantity count age year capacity rating score star stock page point seat serving minute duration floor level vote like view rep set calorie copy
   headcount qty stars points pages seats servings minutes votes likes views reps sets calories copies`,
)
heads(
  'decimal',
  'price amount cost total weight height salary budget fee balance distance temperature latitude longitude percentage length width rate hour hours',
)
heads(
  'boolean',
  `done completed complete finished active paid available archived published favorite favourite checked enabled visible bought sold returned urgent resolved closed
   public private pinned read watched completed?`,
)
heads(
  'longtext',
  `description note notes content contents body text comment comments remark remarks detail details memo instruction instructions direction directions summary
   message bio review feedback reason answer abstract`,
)
heads('list', 'tags labels keywords ingredients participants attendees guests skills genres topics hashtags allergens people actors')

const textNumbers = new Set(
  'phone serial room house order account student staff invoice card license plate part model flight track tracking mobile telephone'.split(
    ' ',
  ),
)
const choiceHeads = new Set(
  'status state type kind category priority level size role genre color colour gender difficulty stage severity mood unit currency condition visibility plan grade method weekday'.split(
    ' ',
  ),
)

/** The type that a label's words suggest; text where they suggest none. `whole` is false for "is done", "due on". */
export function typeOfWords(words: string[]): FieldType {
  const head = words.at(-1) ?? ''
  const before = words.at(-2) ?? ''
  if (/^(?:is|has|was)$/.test(words[0] ?? '') && words.length > 1) return 'boolean'
  if (head === 'on' || head === 'at') return words.length > 1 && head === 'on' ? 'date' : 'text'
  if (head === 'number' && textNumbers.has(before)) return 'text'
  if ((head === 'time' || head === 'number') && /^(?:cooking|prep|preparation|reading|total|travel|lead)$/.test(before)) return 'integer'
  if (/^(?:number|count)$/.test(words[0] ?? '') && words[1] === 'of') return 'integer'
  const exact = byHead.get(head)
  if (exact) return exact
  if (isPlural(head) && byHead.get(singular(head)) !== 'longtext') return byHead.get(singular(head)) === 'integer' ? 'integer' : 'list'
  return byHead.get(singular(head)) ?? 'text'
}

/** Whether words in brackets after this label are its choices rather than remarks. */
export function takesChoices(words: string[]): boolean {
  return choiceHeads.has(words.at(-1) ?? '')
}

/** Whether the label is an everyday field word at all: such a word names a field, not a thing. */
export function isFieldWord(words: string[]): boolean {
  const head = words.at(-1) ?? ''
  return (
    byHead.has(head) ||
    choiceHeads.has(head) ||
    choiceHeads.has(singular(head)) ||
    /^(?:title|name|subject|headline|id|phone|address|photo|image|author)$/.test(head)
  )
}

/** Amounts of money and other measures that are never below zero. */
export function isMeasure(words: string[]): boolean {
  return /^(?:price|amount|cost|total|weight|height|salary|budget|fee|distance|length|width|quantity|qty|count|age|capacity|stock|page|pages|seat|seats|serving|servings|minute|minutes|duration|copies|headcount|vote|votes|like|likes|view|views|calories|points)$/.test(
    words.at(-1) ?? '',
  )
}

export function isMoney(words: string[]): boolean {
  return /^(?:price|amount|cost|fee|salary|budget|total|balance)$/.test(words.at(-1) ?? '')
}
