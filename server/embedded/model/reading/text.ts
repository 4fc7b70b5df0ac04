/** Turns an issue's body, whatever it holds, into plain lines that know the heading they stand under. All passes are linear. */

export type Section = 'criteria' | 'data' | 'api' | 'rules' | 'features' | 'outside' | 'none'

export interface Line {
  kind: 'heading' | 'check' | 'bullet' | 'number' | 'text' | 'table'
  text: string
  /** Spaces of indentation. */
  depth: number
  section: Section
}

const maxLines = 3000
const maxLineLength = 2000

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'", apos: "'" }

/** Cuts out everything between two markers; an opening one that is never closed stays. */
function without(text: string, open: RegExp, close: string): string {
  let out = ''
  let from = 0
  for (const match of text.matchAll(open)) {
    if (match.index < from) continue
    const end = text.indexOf(close, match.index + match[0].length)
    if (end < 0) break
    out += `${text.slice(from, match.index)} `
    from = end + close.length
  }
  return out + text.slice(from)
}

function fromHtml(text: string): string {
  let plain = without(text, /<!--/g, '-->')
  plain = without(plain, /<script\b/gi, '</script>')
  plain = without(plain, /<style\b/gi, '</style>')
  return plain
    .replace(/<li\b[^<>]{0,200}>/gi, '\n- ')
    .replace(/<h[1-6]\b[^<>]{0,200}>/gi, '\n### ')
    .replace(/<\/?(?:p|div|br|ul|ol|li|h[1-6]|tr|table|section)\b[^<>]{0,200}>/gi, '\n')
    .replace(/<\/?[a-z][a-z0-9-]{0,20}(?:\s[^<>]{0,300})?\/?>/gi, '')
    .replace(/&(amp|lt|gt|quot|nbsp|apos|#39);/g, (whole, name: string) => entities[name] ?? whole)
}

/** One line without emphasis, links, pictures and emoji; inline code keeps its backticks. */
export function plain(text: string): string {
  return text
    .replace(/~~[^~]{1,500}~~/g, '')
    .replace(/!\[[^[\]]{0,200}\]\([^()]{0,500}\)/g, '')
    .replace(/\[([^[\]]{1,200})\]\([^()\s]{1,500}\)/g, '$1')
    .replace(/\*\*|__/g, '')
    .replace(/(^|[\s(])[*_](?=\S)/g, '$1')
    .replace(/([^\s*_`])[*_](?=[\s.,;:!?)]|$)/g, '$1')
    .replace(/\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u{FE0F}|\u{200D}|\u{20E3}/gu, '')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[\u2013\u2014]/g, '–')
    .replace(/\s+/g, ' ')
    .trim()
}

const sections: [Section, RegExp][] = [
  ['outside', /\b(?:out of scope|non[- ]?goals?|not (?:in scope|needed|now)|later|nice to have)\b|제외|범위 밖|하지 않|나중에/i],
  [
    'criteria',
    /\baccept|\bcriteria\b|\bdone when\b|definition of done|\bit is done\b|\bhow (?:we|to) test|인수|완료 조건|수락|합격|검수|완료 기준|검증/i,
  ],
  ['data', /\bdata\b|\bmodels?\b|\bfields?\b|\bentit|\bschema\b|\battributes\b|데이터|필드|항목|모델|속성/i],
  ['api', /\bapi\b|\broutes?\b|\bendpoints?\b|엔드포인트|경로/i],
  ['rules', /\brules?\b|\bconstraints?\b|\bvalidation|규칙|제약|조건/i],
  ['features', /\bfeatures?\b|\bshould\b|\brequirements?\b|\bscope\b|\bstor(?:y|ies)\b|\bneeds?\b|\bwhat\b|\bmust\b|기능|요구|할 일|해야/i],
]

/** What a heading announces. */
export function sectionOf(heading: string): Section {
  return sections.find(([, words]) => words.test(heading))?.[0] ?? 'none'
}

const itemStart = /^(?:[-*+•·]|\d{1,3}[.)]|[①-⑳])\s/

interface Raw {
  text: string
  depth: number
}

function rawLines(body: string): Raw[] {
  return fromHtml(body.normalize('NFC').replace(/\r\n?/g, '\n'))
    .split('\n')
    .slice(0, maxLines)
    .map((line) => line.replace(/\t/g, '  ').slice(0, maxLineLength))
    .map((line) => ({ text: line.trim().replace(/^(?:>\s?)+/, ''), depth: line.length - line.trimStart().length }))
    .filter(({ text }) => !/^(?:```|~~~|[-*_=]{3,}$)/.test(text))
}

/** A short line with nothing after it that stands right above a list is a heading, whether marked or not. */
function headingIn(text: string, next: string | undefined): string | null {
  const marked = /^#{1,6}\s*(.{1,200})$/.exec(text)
  if (marked) return plain(marked[1] ?? '').replace(/[#:\s]+$/, '')
  if (itemStart.test(text)) return null
  const bare = plain(text)
  const words = bare.split(' ').length
  if (/^\*\*[^*]{1,80}\*\*:?$/.test(text) && words <= 6) return bare.replace(/:$/, '')
  if (/^[^:]{1,60}:$/.test(bare) && words <= 6) return bare.slice(0, -1)
  const listFollows = next !== undefined && (itemStart.test(next) || /^(?:given|when)\b/i.test(next))
  if (listFollows && words <= 5 && !/[.!?,;:]$/.test(bare) && !/^\|/.test(bare)) return bare
  return null
}

function lineOf(raw: Raw): Omit<Line, 'section'> {
  const check = /^(?:[-*+]|\d{1,3}[.)])\s+\[[ xX]?\]\s*(.*)$/.exec(raw.text)
  if (check) return { kind: 'check', text: plain(check[1] ?? ''), depth: raw.depth }
  const bullet = /^[-*+•·]\s+(.*)$/.exec(raw.text)
  if (bullet) return { kind: 'bullet', text: plain(bullet[1] ?? ''), depth: raw.depth }
  const number = /^(?:\d{1,3}[.)]|[①-⑳])\s+(.*)$/.exec(raw.text)
  if (number) return { kind: 'number', text: plain(number[1] ?? ''), depth: raw.depth }
  if (raw.text.startsWith('|')) return { kind: 'table', text: raw.text, depth: raw.depth }
  return { kind: 'text', text: plain(raw.text), depth: raw.depth }
}

/** The body's lines in order, each with the section it stands in; empty lines are left out. */
export function readLines(body: string): Line[] {
  const raw = rawLines(body)
  const lines: Line[] = []
  let section: Section = 'none'
  raw.forEach((line, index) => {
    if (line.text === '') return
    const next = raw[index + 1]?.text || raw[index + 2]?.text
    const heading = headingIn(line.text, next)
    if (heading !== null) {
      section = sectionOf(heading)
      lines.push({ kind: 'heading', text: heading, depth: line.depth, section })
      return
    }
    const parsed = lineOf(line)
    if (parsed.text !== '') lines.push({ ...parsed, section })
  })
  return joinWrapped(lines)
}

/** Hard-wrapped prose and indented continuation lines become one line again. */
function joinWrapped(lines: Line[]): Line[] {
  const joined: Line[] = []
  for (const line of lines) {
    const before = joined.at(-1)
    const continues =
      before !== undefined &&
      line.kind === 'text' &&
      before.kind !== 'heading' &&
      before.kind !== 'table' &&
      (before.kind === 'text' ? /^\p{Ll}/u.test(line.text) && !/[.!?:]$/.test(before.text) : line.depth > before.depth) &&
      before.text.length < maxLineLength
    if (continues) before.text += ` ${line.text}`
    else joined.push(line)
  }
  return joined
}

const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|no|approx|max|min)\.$/i

/** Cuts at sentence ends; a point inside a number, a name or inline code ends nothing. */
export function sentences(text: string): string[] {
  const found: string[] = []
  let start = 0
  let code = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '`') code = !code
    if (code || !letter || !'.!?。！？'.includes(letter)) continue
    const wide = '。！？'.includes(letter)
    if (!wide && at + 1 < text.length && !/[\s"')]/.test(text[at + 1] ?? '')) continue
    if (letter === '.' && abbreviation.test(text.slice(Math.max(0, at - 8), at + 1))) continue
    found.push(text.slice(start, at + 1).trim())
    start = at + 1
  }
  found.push(text.slice(start).trim())
  return found.filter((sentence) => sentence !== '')
}

/** Korean where a fifth of the letters are Hangul, else English. */
export function languageOf(text: string): 'en' | 'ko' {
  const sample = text.slice(0, 20_000)
  const hangul = sample.match(/[가-힣]/g)?.length ?? 0
  const letters = sample.match(/\p{L}/gu)?.length ?? 0
  return letters > 0 && hangul / letters >= 0.2 ? 'ko' : 'en'
}
