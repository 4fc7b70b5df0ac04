import type { LetterName } from './schema.ts'

/** Signs that turn the direction of text around or cannot be seen: with them a text reads as something that it is not. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu
const maxLine = 120
const maxText = 4_000

/** What joins letters of some scripts and parts of pictures stays. */
const joiners = new Set(['\u200c', '\u200d'])
const withoutUnseen = (text: string, but = '') =>
  text.replace(unseen, (sign) => (joiners.has(sign) || but.includes(sign) ? sign : sign === '\t' || sign === '\n' ? ' ' : ''))

function cut(text: string, max: number): string {
  const signs = [...text]
  return signs.length > max ? `${signs.slice(0, max - 1).join('')}…` : text
}

/** Somebody's words for a subject, a name or a cell: one line, nothing unseen, not endless. */
export const plainLine = (text: string): string => cut(withoutUnseen(text.normalize('NFC')).replace(/\s+/g, ' ').trim(), maxLine)

/** Somebody's words with their lines. */
export const plainText = (text: string): string =>
  cut(
    withoutUnseen(text.replace(/\r\n?/g, '\n').normalize('NFC'), '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    maxText,
  )

/**
 * A name as it may stand in a mail to strangers: mail programs make a link of whatever looks like an address, so an unseen sign
 * stands where one would begin.
 */
export const plainName = (text: string): string => plainLine(text).replace(/(?<=\S)([.:@/])(?=\S)/g, '\u2060$1\u2060')

/** A mail that could not be handed in for so long is given up. */
export const giveUpHours = 24
/** The claim of whoever sends a mail; it outlasts the longest attempt. */
export const claimMs = 60_000

/** How often one address is written to: what others cause, and what is an administrator's own work. */
export const limitOf = (letter: LetterName): 'mail' | 'notice' => (letter === 'betaNotice' ? 'notice' : 'mail')
