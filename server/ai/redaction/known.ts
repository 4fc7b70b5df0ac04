import type { Finding } from './types.ts'

/** A secret's text as it may stand somewhere, and how strong it is. */
export interface Known {
  text: string
  rule: string
  strong: boolean
}

const window = 8
const base = 257
// base^(window-1) in 32-bit arithmetic: what the oldest character adds to a window's number.
const oldest = Array.from({ length: window - 1 }).reduce<number>((power) => Math.imul(power, base), 1)

const numberOf = (text: string) => {
  let number = 0
  for (let i = 0; i < window; i++) number = (Math.imul(number, base) + text.charCodeAt(i)) | 0
  return number
}

const isWord = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code > 127

/** Whether a weak secret stands here by itself: as a part of a longer word it means something else. */
function standsAlone(text: string, start: number, end: number): boolean {
  const before = start > 0 && isWord(text.charCodeAt(start - 1)) && isWord(text.charCodeAt(start))
  return !before && !(end < text.length && isWord(text.charCodeAt(end)) && isWord(text.charCodeAt(end - 1)))
}

type Found = (finding: Finding) => void

/** Finds texts shorter than the window; none has less than two characters. Where several begin at one place, the longest that stands alone is it. */
function shortFinder(known: readonly Known[]): (text: string, report: Found) => void {
  if (known.length === 0) return () => undefined
  const byText = new Map(known.map((one) => [one.text, one]))
  const lengths = [...new Set(known.map(({ text }) => text.length))].sort((a, b) => b - a)
  const begins = (text: string, at: number) => (text.charCodeAt(at) * base + text.charCodeAt(at + 1)) & 0xffff
  const seen = new Uint8Array(1 << 16)
  for (const { text } of known) seen[begins(text, 0)] = 1
  const endAt = (text: string, start: number): number | undefined =>
    lengths.map((length) => start + length).find((end) => byText.has(text.slice(start, end)) && standsAlone(text, start, end))
  return (text, report) => {
    for (let start = 0; start + 1 < text.length; start++) {
      const end = seen[begins(text, start)] === 1 ? endAt(text, start) : undefined
      if (end === undefined) continue
      report({ start, end, rule: byText.get(text.slice(start, end))?.rule ?? '', strong: false })
      start = end - 1
    }
  }
}

/**
 * Finds every place where one of these texts stands, in one walk through the text however many there are: a number is kept for the last
 * eight characters, and only where it is the number of a secret's beginning is anything compared.
 */
export function knownFinder(known: readonly Known[]): (text: string, report: Found) => void {
  const short = shortFinder(known.filter((one) => one.text.length < window))
  const byText = new Map(known.map((one) => [one.text, one]))
  // Of the secrets that begin alike, the lengths that occur, longest first: thousands of tokens with one prefix cost a few looks each.
  const lengths = new Map<number, number[]>()
  const seen = new Uint8Array(1 << 16)
  for (const { text } of byText.values()) {
    if (text.length < window) continue
    const number = numberOf(text)
    seen[number & 0xffff] = 1
    const row = lengths.get(number) ?? []
    if (!row.includes(text.length))
      lengths.set(
        number,
        [...row, text.length].sort((a, b) => b - a),
      )
  }
  const at = (text: string, start: number, number: number, report: Found) => {
    for (const length of lengths.get(number) ?? []) {
      const end = start + length
      const one = byText.get(text.slice(start, end))
      if (!one || !(one.strong || standsAlone(text, start, end))) continue
      report({ start, end, rule: one.rule, strong: one.strong })
      return
    }
  }
  return (text, report) => {
    short(text, report)
    if (lengths.size === 0 || text.length < window) return
    let number = numberOf(text)
    for (let start = 0; ; start++) {
      if (seen[number & 0xffff] === 1) at(text, start, number, report)
      const next = start + window
      if (next >= text.length) return
      number = (Math.imul(number - Math.imul(text.charCodeAt(start), oldest), base) + text.charCodeAt(next)) | 0
    }
  }
}
