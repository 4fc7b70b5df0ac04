import { type ReadField, readField, readFields } from './fields.ts'
import { isFieldWord } from './lexicon.ts'
import { splitList } from './lists.ts'
import { type Deed, englishPhrase, koreanNoun, koreanPhrase, nounPhrase } from './phrases.ts'
import { type Line, sentences } from './text.ts'
import { asciiWords } from './words.ts'

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

type Language = 'en' | 'ko'

const notSubject =
  /^(?:i|we|you|it|they|he|she|this|that|there|who|which|everyone|nobody|team|user|users|app|application|system|page|site|list|server|api|ui|each|all|people|the)$/i
const label = /^(?:data(?: model)?|models?|entit(?:y|ies)|schema|fields?|attributes|데이터|모델|필드|항목|속성)\s*:\s*/i
const generic =
  /^(?:data(?: model)?|models?|entit(?:y|ies)|schema|fields?|properties|attributes|columns|inputs?|with|each has|it has|데이터|모델|필드|항목|속성|입력 항목|입력|정보)$/i

/** Where a colon outside code and addresses ends the lead of an enumeration. */
function colonAt(text: string): number {
  let code = false
  for (let at = 0; at < Math.min(text.length, 80); at++) {
    if (text[at] === '`') code = !code
    if (text[at] === '(') return -1
    if (!code && text[at] === ':' && text[at + 1] === ' ') return at
  }
  return -1
}

function fromColon(text: string, language: Language): Evidence | null {
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
    return { noun: phrase.noun, fields, deeds: phrase.deeds, item: true }
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
function fromBrackets(text: string, language: Language): Evidence | null {
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

function fromSentence(sentence: string, item: boolean, language: Language): Evidence[] {
  const body = sentence.replace(label, '')
  const fielded =
    fromColon(body, language) ??
    (language === 'en' ? (fromHas(body) ?? fromWith(body)) : fromKoreanHas(body)) ??
    fromBrackets(body, language)
  if (fielded) return [{ ...fielded, item: fielded.item && item }]
  const phrase = language === 'ko' ? koreanPhrase(sentence) : englishPhrase(sentence)
  return phrase ? [{ noun: phrase.noun, fields: [], deeds: phrase.deeds, item }] : []
}

function isList(line: Line | undefined): line is Line {
  return line !== undefined && (line.kind === 'bullet' || line.kind === 'number')
}

/** "Books (title, author)" names a thing with fields; "priority (low, high)" is a field with choices. */
function isThing(text: string, language: Language): boolean {
  const evidence = fromColon(text, language) ?? fromBrackets(text, language)
  return evidence !== null && evidence.fields.length > 1 && evidence.noun !== null && !isFieldWord(asciiWords(evidence.noun))
}

/** Bullets below a line or heading that each name one field. */
function blockBelow(lines: Line[], at: number, language: Language): { fields: ReadField[]; end: number } | null {
  const head = lines[at]
  const first = lines[at + 1]
  if (!head || !isList(first) || first.section === 'criteria') return null
  if (head.kind !== 'heading' && head.kind !== 'text' && first.depth <= head.depth) return null
  if (head.kind === 'text' && /[.!?。]$/.test(head.text)) return null
  let end = at + 1
  const fields: (ReadField | null)[] = []
  for (let line = lines[end]; isList(line) && line.depth >= first.depth; line = lines[++end]) {
    const phrase = language === 'ko' ? koreanPhrase(line.text) : englishPhrase(line.text)
    const single = !/,/.test(line.text.replace(/\([^()]*\)/g, '')) || /^[^,:–-]{1,40}\s?[:–-]\s/.test(line.text)
    fields.push(phrase || !single || isThing(line.text, language) ? null : readField(line.text, language))
  }
  const read = fields.filter((field) => field !== null)
  return read.length > 0 && read.length >= fields.length * 0.75 ? { fields: read, end } : null
}

function fromBlock(lines: Line[], at: number, language: Language): { evidence: Evidence; end: number } | null {
  const head = lines[at]
  if (!head || head.kind === 'table' || head.kind === 'check' || head.text.length > 60) return null
  const block = blockBelow(lines, at, language)
  if (!block) return null
  const text = head.text
    .replace(/:$/, '')
    .replace(/\s*(?:\bfields|\bmodel|\bentity|\btable|has|have|정보|필드|항목|속성)$/i, '')
    .replace(/^(?:an?|each|every|the)\s/i, '')
  if (head.section === 'data' && (generic.test(head.text) || generic.test(text) || text === ''))
    return { evidence: { noun: null, fields: block.fields, deeds: [], item: true }, end: block.end }
  const phrase = language === 'ko' ? koreanPhrase(text) : englishPhrase(text)
  if (
    head.kind === 'heading' &&
    !phrase &&
    head.section !== 'data' &&
    head.section !== 'none' &&
    !/\b(?:has|fields)\b|항목|필드/.test(head.text)
  )
    return null
  const noun = phrase?.noun ?? (language === 'ko' ? koreanNoun(text) : nounPhrase(text)?.noun) ?? null
  if (!noun && !generic.test(text)) return null
  if (block.fields.length < 2) return null
  return { evidence: { noun, fields: block.fields, deeds: phrase?.deeds ?? [], item: true }, end: block.end }
}

function cells(row: string): string[] {
  return row
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

/** A table whose rows are fields: the first column is the name, all others are remarks. */
function fromTable(lines: Line[], at: number, language: Language): { evidence: Evidence; end: number } | null {
  if (lines[at - 1]?.kind === 'table') return null
  let end = at
  while (lines[end]?.kind === 'table') end++
  const rows = lines.slice(at, end).map(({ text }) => cells(text))
  const header = rows[0]?.join(' ') ?? ''
  if (rows.length < 3 || !/field|name|column|property|attribute|type|필드|항목|이름|속성|타입/i.test(header)) return null
  const titles = rows[0] ?? []
  const fields = rows.slice(2).map((row) => {
    const notes = row
      .slice(1)
      .map((cell, index) => cellNote(titles[index + 1] ?? '', cell))
      .filter((note) => note !== '')
    return readField(row[0] ?? '', language, notes)
  })
  const heading = lines
    .slice(0, at)
    .reverse()
    .find(({ kind }) => kind === 'heading')
  const text = (heading?.text ?? '').replace(/\s*(?:fields|model|entity|table|정보|필드|항목)$/i, '')
  const noun = generic.test(text) || text === '' ? null : ((language === 'ko' ? koreanNoun(text) : nounPhrase(text)?.noun) ?? null)
  return { evidence: { noun, fields: fields.filter((field) => field !== null), deeds: [], item: true }, end }
}

/** A yes or no in a column says whether its title holds. */
function cellNote(title: string, cell: string): string {
  if (/^(?:yes|y|true|✓|x|o|예|네|v)$/i.test(cell)) return title
  if (/^(?:no|n|false|-|–|아니오|아니요|)$/i.test(cell)) return /required|mandatory|필수/i.test(title) ? 'optional' : ''
  return cell
}

/** Sentences that are looked at for things: an issue that has more names its things long before. */
const maxSentences = 1200

/** Goes through all lines once. */
export function gather(lines: Line[], language: Language): Evidence[] {
  const found: Evidence[] = []
  let left = maxSentences
  for (let at = 0; at < lines.length && left > 0; at++) {
    const line = lines[at] as Line
    if (line.section === 'outside') continue
    const block = line.kind === 'table' ? fromTable(lines, at, language) : fromBlock(lines, at, language)
    if (block) {
      found.push(block.evidence)
      at = block.end - 1
      continue
    }
    if (line.kind === 'table' || line.kind === 'heading') continue
    const item = line.kind !== 'text'
    for (const sentence of sentences(line.text).slice(0, 40)) {
      left--
      const evidence = fromSentence(sentence.slice(0, 800), item, language)
      const criterion = line.section === 'criteria' || line.kind === 'check'
      // A ticked "add a thing: its fields" says what there is; any other criterion only says what happens.
      const kept = evidence.filter(
        ({ fields, deeds }) => !criterion || fields.length === 0 || (deeds.includes('create') && colonAt(sentence) > 0),
      )
      found.push(...kept.map((one) => ({ ...one, criterion })))
    }
  }
  return found
}
