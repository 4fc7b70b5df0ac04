import { withoutParticle } from './korean.ts'

/** Cutting enumerations apart: commas and "and" outside brackets, quotes and code. */

const pairs: Record<string, string> = { '(': ')', '[': ']', '{': '}' }

/** The pieces of `text` between top-level places where `cut` says how many letters to drop. */
function splitTop(text: string, cut: (text: string, at: number) => number): string[] {
  const pieces: string[] = []
  const open: string[] = []
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (quote !== '') {
      if (letter === quote) quote = ''
      continue
    }
    if (letter === '`' || letter === '"') {
      if (text.indexOf(letter, at + 1) > 0) quote = letter
      continue
    }
    const close = pairs[letter]
    if (close && text.indexOf(close, at) > 0) open.push(close)
    else if (letter === open.at(-1)) open.pop()
    if (open.length > 0) continue
    const length = cut(text, at)
    if (length > 0) {
      pieces.push(text.slice(start, at))
      start = at + length
      at = start - 1
    }
  }
  pieces.push(text.slice(start))
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
}

const joiners = [' and ', ' & ', ' 그리고 ', ' 및 ', ' plus ', ' + ']

function joinerAt(text: string, at: number): number {
  if (text[at] !== ' ') return 0
  return joiners.find((joiner) => text.startsWith(joiner, at))?.length ?? 0
}

/** `"a title, an amount (> 0, integer) and who paid"` -> three pieces. */
export function splitList(text: string): string[] {
  const pieces = splitTop(text, (all, at) => {
    const letter = all[at] ?? ''
    if (',;，、·'.includes(letter) && !(letter === ',' && /\d/.test(all[at - 1] ?? '') && /^\d{3}/.test(all.slice(at + 1, at + 4))))
      return 1
    return joinerAt(all, at)
  })
  return pieces.flatMap(splitKoreanAnd).map((piece) => piece.replace(/^(?:and|or|plus|및|그리고|또는)\s+/i, '').trim())
}

/** `제목과 내용` -> two pieces, where both sides are nouns. */
function splitKoreanAnd(piece: string): string[] {
  if (!/[가-힣][과와]\s/.test(piece)) return [piece]
  const words = piece.split(' ')
  const out: string[] = []
  let current: string[] = []
  words.forEach((word, index) => {
    const stem = /[과와]$/.test(word) && index < words.length - 1 ? withoutParticle(word) : word
    current.push(stem)
    if (stem !== word) {
      out.push(current.join(' '))
      current = []
    }
  })
  if (current.length > 0) out.push(current.join(' '))
  return out
}

/** Top-level commas and slashes: the parts of a remark in brackets. */
export function splitNotes(text: string): string[] {
  return splitTop(text, (all, at) => (',;，、'.includes(all[at] ?? '') ? 1 : 0))
}

/** The text outside brackets, and what stands in them. */
export function brackets(text: string): { outside: string; inside: string[] } {
  const inside: string[] = []
  let outside = ''
  let from = 0
  for (let at = text.indexOf('('); at >= 0; at = text.indexOf('(', from)) {
    const end = text.indexOf(')', at)
    if (end < 0) break
    outside += `${text.slice(from, at)} `
    inside.push(text.slice(at + 1, end).trim())
    from = end + 1
  }
  return { outside: (outside + text.slice(from)).replace(/\s+/g, ' ').trim(), inside }
}
