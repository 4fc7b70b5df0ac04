import { type ReadField, readFields } from './fields.ts'
import { splitList } from './lists.ts'
import { type Deed, englishPhrase, koreanNoun, koreanPhrase, nounPhrase } from './phrases.ts'
import { isPlural } from './words.ts'

/** What the lines say about things: "a X has …", "add a X: …", "X (…)", nested bullets, tables. */
export interface Evidence {
  /** The thing's words as written; null for the thing that the issue is about. */
  noun: string | null
  fields: ReadField[]
  deeds: Deed[]
  /** Stands in a list item, not in prose. */
  item: boolean
  /** Said by an acceptance criterion, which tells what happens and not what there is. */
  criterion?: boolean
}

export type Language = 'en' | 'ko'

const notSubject =
  /^(?:i|we|you|it|they|he|she|this|that|there|who|which|everyone|nobody|team|user|users|app|application|system|page|site|list|server|api|ui|each|all|people|the)$/i
const label = /^(?:data(?: model)?|models?|entit(?:y|ies)|schema|fields?|attributes|데이터|모델|필드|항목|속성)\s*:\s*/i
export const generic =
  /^(?:data(?: model)?|models?|entit(?:y|ies)|schema|fields?|properties|attributes|columns|inputs?|with|each has|it has|데이터|모델|필드|항목|속성|입력 항목|입력|정보)$/i

/** Where a colon outside code and addresses ends the lead of an enumeration. */
export function colonAt(text: string): number {
  let code = false
  for (let at = 0; at < Math.min(text.length, 80); at++) {
    if (text[at] === '`') code = !code
    if (text[at] === '(') return -1
    if (!code && text[at] === ':' && text[at + 1] === ' ') return at
  }
  return -1
}

/** "… with a customer": the record belongs to one, if customers are kept. */
function aboutWhom(rest: string): ReadField[] {
  const noun = /^(?:for|with|to|of|on|about|by|from) (?:an?|the|each|every|one) ([a-z -]{3,40})$/i.exec(rest)?.[1]
  const read = noun ? readFields(noun, 'en')[0] : undefined
  return read ? [{ ...read, ifEntity: true }] : []
}

export function fromColon(text: string, language: Language): Evidence | null {
  const at = colonAt(text)
  if (at < 1) return null
  const lead = text.slice(0, at).trim()
  const rest = text.slice(at + 1).trim()
  if (/^(?:given|when|then|and|note|example|e\.g|bonus|예|참고)$/i.test(lead)) return null
  const fields = readFields(rest, language)
  const pieces = splitList(rest).length
  if (fields.length === 0 || fields.length < pieces * 0.6) return null
  if (generic.test(lead)) return { noun: null, fields, deeds: [], item: true }
  const phrase = language === 'ko' ? koreanPhrase(lead) : englishPhrase(lead)
  if (phrase?.deed === 'create' || (phrase && fields.length > 1 && phrase.rest === '')) {
    return { noun: phrase.noun, fields: [...aboutWhom(phrase.rest), ...fields], deeds: phrase.deeds, item: true }
  }
  const noun = phrase
    ? null
    : language === 'ko'
      ? koreanNoun(lead.replace(/\s*(?:의\s)?(?:정보|필드|항목|속성)$/, ''))
      : nounPhrase(lead.replace(/\s(?:fields|has|model)$/i, ''), true)?.noun
  const short = lead.split(' ').length <= 4
  return noun && short && fields.length > 1 && !fields.some(({ field }) => field.type === 'choice' && pieces === 1)
    ? { noun, fields, deeds: [], item: true }
    : null
}

const has =
  /^(?:(?:an?|each|every|the|all|one)\s+)?((?:[\p{L}'-]{1,30}\s){1,3}?)(?:has|have|belongs to|refers to|is linked to|consists? of|is made (?:up )?of|contains?|includes?|comes with|is described by|should have|must have|needs? to have|can have)\s+(.{3,600})$/iu

function fromHas(sentence: string): Evidence | null {
  const found = has.exec(sentence.replace(label, ''))
  const subject = (found?.[1] ?? '').trim()
  if (!found || !subject) return null
  const words = subject.split(' ')
  const head = words.at(-1) ?? ''
  const pronoun = words.length === 1 && /^(?:it|each)$/i.test(head)
  if (/\b(?:not|can|cannot|could|should|may|must|will|would|never|that|which|who|with)\b|n't\b/i.test(subject)) return null
  if (!pronoun && (notSubject.test(head) || /^(?:our|my|we|i)$/i.test(words[0] ?? ''))) return null
  const fields = readFields(
    (found[2] ?? '').replace(/^(?:the following(?: fields)?:?\s)/i, '').replace(/,? with (?=an? |the )/i, ', '),
    'en',
  )
  if (fields.length === 0) return null
  return { noun: pronoun ? null : (nounPhrase(subject, true)?.noun ?? null), fields, deeds: [], item: false }
}

const koreanHas =
  /^(.{1,20}?)(?:은|는|에는|에|마다)\s+(.{2,300}?)(?:이|가|을|를)?\s*(?:있다|있습니다|있어요|가진다|가집니다|갖는다|포함한다|포함합니다|입력한다|입력합니다|저장한다|저장합니다|기록한다|기록합니다|이루어진다|로 구성)/

function fromKoreanHas(sentence: string): Evidence | null {
  const found = koreanHas.exec(sentence)
  const noun = koreanNoun(found?.[1] ?? '')
  if (!found || !noun || /(?:사용자|우리|앱|사람|회사)$/.test(noun)) return null
  const fields = readFields((found[2] ?? '').replace(/(?:이|가|을|를)$/, ''), 'ko')
  return fields.length > 1 ? { noun, fields, deeds: [], item: false } : null
}

/** "List of things (name, size)", "things (name, size)". */
export function fromBrackets(text: string, language: Language): Evidence | null {
  const open = text.indexOf('(')
  const close = text.indexOf(')', open)
  if (open < 2 || close < 0 || open > 70 || (text.indexOf(':') >= 0 && text.indexOf(':') < open)) return null
  const lead = text.slice(0, open).trim()
  const fields = readFields(text.slice(open + 1, close), language)
  const phrase = language === 'ko' ? koreanPhrase(lead) : englishPhrase(lead)
  const noun =
    phrase?.noun ?? (language === 'ko' ? koreanNoun(lead) : /,|\b(?:we|i|our)\b/i.test(lead) ? null : nounPhrase(lead)?.noun) ?? null
  const enough = fields.length > 1 || (fields.length === 1 && phrase?.deed === 'create')
  const plausible = fields.every(
    ({ field }) => !/^\d|\bper\b|\be\.g\b|\bonly\b/i.test(field.label) && !/^(?:required|optional|필수|선택)$/i.test(field.label),
  )
  return noun && enough && plausible ? { noun, fields, deeds: phrase?.deeds ?? [], item: true } : null
}

/** "Create notes with a title and a body". */
const bare = /^((?:[\p{L}-]{2,30}\s){1,3}?)with\s+(?:an? |the |their )?(.{3,300}\sand\s.{2,100}|.{3,300},.{2,200})$/iu

/** "Items with name and quantity." */
function fromBare(text: string): Evidence | null {
  const found = bare.exec(text.replace(/[.]$/, ''))
  const noun = found ? nounPhrase((found[1] ?? '').trim(), true)?.noun : undefined
  // Without an article or a plural the first word is as likely an order: "reply with …".
  const named = /^(?:an?|each|every|the)\s/i.test(text) || isPlural((noun ?? '').split(' ').at(-1)?.toLowerCase() ?? '')
  if (!found || !noun || !named || englishPhrase(text) || notSubject.test(noun)) return null
  const fields = readFields(found[2] ?? '', 'en')
  return fields.length > 1 && !/\b(?:is|are|was|were|can|should|must|will|cannot|gets?|without)\b/i.test(text)
    ? { noun, fields, deeds: [], item: true }
    : null
}

function fromWith(text: string): Evidence | null {
  const phrase = englishPhrase(text)
  if (!phrase?.deeds.includes('create')) return null
  const found =
    /^(?:with|that (?:has|have)|which (?:has|have)|including|containing|consisting of|by (?:entering|giving)|recording|including)\s+(.{3,600})$/i.exec(
      phrase.rest.replace(/^(?:to|in) (?:the|a|my) [a-z]{1,20}\s/i, ''),
    )
  if (!found) return null
  const fields = readFields((found[1] ?? '').replace(/\s+(?:so that|in order to|and see|and then)\s.*$/i, ''), 'en')
  return fields.length > 0 ? { noun: phrase.noun, fields, deeds: phrase.deeds, item: true } : null
}

/** What one sentence says: a thing with its fields, else a thing and what is done with it. */
export function fromSentence(sentence: string, item: boolean, language: Language): Evidence[] {
  const body = sentence.replace(label, '')
  const fielded =
    fromColon(body, language) ??
    (language === 'en' ? (fromHas(body) ?? fromWith(body) ?? fromBare(body)) : fromKoreanHas(body)) ??
    fromBrackets(body, language)
  if (fielded) return [{ ...fielded, item: fielded.item && item }]
  const phrase = language === 'ko' ? koreanPhrase(sentence) : englishPhrase(sentence)
  return phrase ? [{ noun: phrase.noun, fields: [], deeds: phrase.deeds, item }] : []
}
