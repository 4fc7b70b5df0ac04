import type { ChatMessage } from '../schema.ts'

const around = 60

/** Texts are compared in this form, so that small and capital letters, and letters that are put together in two ways, are the same. */
const plain = (text: string): string => text.normalize('NFC').toLowerCase()

/** The words that are looked for. */
export const wordsOf = (search: string): string[] => plain(search).split(/\s+/).filter(Boolean)

/** What was said in a message, as it is searched: its texts and the names of its files. */
export const saidIn = (parts: NonNullable<ChatMessage['parts']>): string =>
  parts.flatMap((part) => (part.type === 'text' ? part.text : part.type === 'file' ? part.name : [])).join('\n')

/** Where the next word begins, so that a piece does not begin in the middle of one; texts without spaces are cut anywhere. */
function wordAfter(text: string, from: number, most: number): number {
  const space = text.indexOf(' ', from)
  return space >= 0 && space < most ? space + 1 : from
}

/** A text around the first of the words, where all of them stand in it; else null. */
export function snippetOf(text: string, words: readonly string[]): string | null {
  const compared = plain(text)
  const places = words.map((word) => compared.indexOf(word))
  if (words.length === 0 || places.some((place) => place < 0)) return null
  const shown = text.normalize('NFC')
  const first = Math.min(...places)
  const from = first <= around ? 0 : wordAfter(shown, first - around, first)
  const until = Math.min(shown.length, first + around * 2)
  const piece = shown.slice(from, until).replace(/\s+/g, ' ').trim()
  return `${from > 0 ? '…' : ''}${piece.replace(/[\ud800-\udfff]/gu, '')}${until < shown.length ? '…' : ''}`
}
