import type { Rule } from './types.ts'

const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-Lines: \d+/g
// What ends one, and what no key holds: without it a text of beginnings alone would be read over and over.
const end = /-----|Private-/g
/** The largest keys in use have some 13,000 characters. */
const longest = 14_000
// A line break may be written out once or several times over, as in JSON inside JSON; a program may join lines of text by a plus sign.
const breaks = /(?:\\+[nrt]|[\s"'`,;\\]|(?<=[\s"'`])\+(?=[\s"'`]))+/
const base64 = /^[A-Za-z0-9+/=]+$/
const long = 16
/** The last line may be short; what follows a key that was cut off is a word. */
const word = /^[A-Z]?[a-z]*$/

/** Where the lines of one key stand in `body`: the first long run of base64 and what follows it at once, the last and shorter line included. */
function linesOf(body: string): [start: number, end: number][] {
  const lines: [number, number][] = []
  let at = 0
  for (const piece of body.split(breaks)) {
    const start = body.indexOf(piece, at)
    at = start + piece.length
    const isLong = piece.length >= long
    if (piece === '') continue
    if (base64.test(piece) && (isLong || (lines.length > 0 && !word.test(piece)))) {
      lines.push([start, at])
      if (isLong) continue
    }
    // Headers may stand before the lines; behind them comes something else.
    if (lines.length > 0) break
  }
  return lines
}

/**
 * The lines of private keys. Each line is a secret of its own, because line breaks are written differently in a file and in JSON, and so a
 * key comes back right wherever the answer puts it. A key that was cut off is one, too.
 */
export const privateKeyRule: Rule = (text, report) => {
  for (const match of text.matchAll(begin)) {
    const from = match.index + match[0].length
    end.lastIndex = from
    const body = text.slice(from, Math.min(end.exec(text)?.index ?? text.length, from + longest))
    for (const [i, [start, stop]] of linesOf(body).entries()) {
      report({ start: from + start, end: from + stop, rule: i === 0 ? 'private-key' : '', strong: stop - start >= long })
    }
  }
}
