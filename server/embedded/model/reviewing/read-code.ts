import type { Code } from './types.ts'

/** Reads source text as far as rules about lines need it: what is code, what is a string, what is a comment. One pass, no backtracking. */

const longestLine = 2_000
const regexBefore = /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|await|yield|void|delete))\s*$/

interface Reader {
  text: string
  at: number
  code: string
  comment: string
  /** The end of the code so far, from which a regular expression is told from a division. */
  tail: string
}

const tailLength = 40

/** Moves on over what is no code; line ends stay where they are. */
function blank(reader: Reader, length: number, to: 'code' | 'comment'): void {
  const piece = reader.text.slice(reader.at, reader.at + length)
  const empty = piece.replace(/[^\n]/g, ' ')
  reader.code += empty
  reader.comment += to === 'comment' ? piece : empty
  reader.tail += ' '
  reader.at += length
}

function keep(reader: Reader, length = 1): void {
  const piece = reader.text.slice(reader.at, reader.at + length)
  reader.code += piece
  reader.comment += piece.replace(/[^\n]/g, ' ')
  reader.tail = (reader.tail + piece).slice(-tailLength)
  reader.at += length
}

/** How long a string or a regular expression goes on from `at`, up to its end on the same line. */
function quotedLength(text: string, at: number, quote: string): number {
  let inClass = false
  let end = at
  for (; end < text.length && text[end] !== '\n'; end++) {
    const char = text[end]
    if (char === '\\') end++
    else if (quote === '/' && char === '[') inClass = true
    else if (quote === '/' && char === ']') inClass = false
    else if (char === quote && !inClass) return end - at
  }
  return Math.min(end, text.length) - at
}

function readComment(reader: Reader): boolean {
  const { text, at } = reader
  const [open, close] = text.startsWith('//', at) ? ['//', '\n'] : ['/*', '*/']
  if (!text.startsWith(open, at)) return false
  const end = text.indexOf(close, at + 2)
  const stop = end < 0 ? text.length : close === '\n' ? end : end + 2
  blank(reader, stop - at, 'comment')
  return true
}

/** The text of a template up to its end or its next hole; answers which of the two it was. */
function readTemplate(reader: Reader): 'end' | 'hole' {
  const { text } = reader
  let end = reader.at
  for (; end < text.length; end++) {
    if (text[end] === '\\') end++
    else if (text[end] === '`') {
      blank(reader, end - reader.at, 'code')
      keep(reader)
      return 'end'
    } else if (text[end] === '$' && text[end + 1] === '{') {
      blank(reader, end - reader.at, 'code')
      keep(reader, 2)
      return 'hole'
    }
  }
  blank(reader, text.length - reader.at, 'code')
  return 'end'
}

/** Splits a script into its code and its comments, both as long as the text and with the same lines. */
export function splitScript(text: string): { code: string; comment: string } {
  const reader: Reader = { text, at: 0, code: '', comment: '', tail: '' }
  // One entry for each open hole of a template: how many braces are open inside it.
  const holes: number[] = []
  const template = () => readTemplate(reader) === 'hole' && holes.push(0)
  while (reader.at < text.length) {
    const char = text[reader.at] ?? ''
    if (char === '/' && readComment(reader)) continue
    const quoted = char === "'" || char === '"' || (char === '/' && regexBefore.test(reader.tail))
    keep(reader)
    if (quoted) {
      blank(reader, quotedLength(text, reader.at, char), 'code')
      if (text[reader.at] === char) keep(reader)
    } else if (char === '`') template()
    else if (holes.length > 0 && char === '{') holes[holes.length - 1] = (holes.at(-1) ?? 0) + 1
    else if (holes.length > 0 && char === '}') {
      if (holes.at(-1) === 0) {
        holes.pop()
        template()
      } else holes[holes.length - 1] = (holes.at(-1) ?? 0) - 1
    }
  }
  return { code: reader.code, comment: reader.comment }
}

const handlerCall = /\.(?:get|post|put|patch|delete|all|use|route)\s*\(|createServer\s*\(|\.on\(\s*'\s*'\s*,/

/** For each line whether it stands in a `try` block and in what answers requests, by the braces that are open where it begins. */
function nesting(lines: readonly string[]): { inTry: boolean[]; inHandler: boolean[] } {
  const open: { isTry: boolean; isHandler: boolean }[] = []
  const inTry: boolean[] = []
  const inHandler: boolean[] = []
  for (const line of lines) {
    let struckTry = open.some(({ isTry }) => isTry)
    let struckHandler = open.some(({ isHandler }) => isHandler) || (handlerCall.test(line) && line.includes('=>'))
    let from = 0
    for (const { index, 0: brace } of line.matchAll(/[{}]/g)) {
      const before = line.slice(from, index)
      from = index + 1
      if (brace === '}') open.pop()
      else {
        const entry = { isTry: /\btry\s*$/.test(before), isHandler: handlerCall.test(line.slice(0, index)) }
        open.push(entry)
        struckTry ||= entry.isTry
        struckHandler ||= entry.isHandler
      }
    }
    inTry.push(struckTry)
    inHandler.push(struckHandler)
  }
  return { inTry, inHandler }
}

const kindOf = (path: string): Code['kind'] => (/\.[cm]?[jt]sx?$/i.test(path) ? 'script' : /\.html?$/i.test(path) ? 'page' : 'other')

/** Reads one file of a release. */
export function readCode(path: string, text: string): Code {
  const kind = kindOf(path)
  const { code, comment } = kind === 'script' ? splitScript(text) : { code: text, comment: '' }
  const lines = (whole: string) => whole.split('\n').map((line) => line.slice(0, longestLine))
  const codeLines = lines(code)
  const comments = lines(comment)
  return {
    path,
    kind,
    client: /^(?:public|static|client|web)\//.test(path) || kind === 'page',
    test: /(?:^|\/)(?:tests?|__tests__|acceptance)\/|\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path),
    text,
    names: new Set(text.match(/[A-Za-z_$][\w$]*/g)),
    raw: lines(text),
    code: codeLines,
    comments: codeLines.map((_, at) => comments[at] ?? ''),
    ...nesting(codeLines),
  }
}
