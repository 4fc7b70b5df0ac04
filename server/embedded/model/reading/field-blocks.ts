import { type Evidence, fromBrackets, fromColon, generic, type Language } from './field-sentences.ts'
import { type ReadField, readField } from './fields.ts'
import { isFieldWord } from './lexicon.ts'
import { englishPhrase, koreanNoun, koreanPhrase, nounPhrase } from './phrases.ts'
import type { Line } from './text.ts'
import { asciiWords } from './words.ts'

/** Fields that stand in lines of their own: bullets below a name, rows of a table. */

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

/** A name or heading with a field in each bullet below it. */
export function fromBlock(lines: Line[], at: number, language: Language): { evidence: Evidence; end: number } | null {
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
export function fromTable(lines: Line[], at: number, language: Language): { evidence: Evidence; end: number } | null {
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
