import type { Locale } from '@/server/core/locales.ts'
import type { Letter, LetterName } from '../schema.ts'
import { approvalWaiting } from './approval.ts'
import { betaDecision, betaNotice, betaReceipt } from './beta.ts'
import { invitation } from './invitation.ts'
import { letterPage } from './page.ts'
import { letterText } from './text.ts'
import type { Compose, Composition } from './types.ts'
import { wordsFor } from './words.ts'

const letters: { [N in LetterName]: Compose<N> } = { betaReceipt, betaNotice, betaDecision, invitation, approvalWaiting }

/** A letter in its receiver's language, as text and as a page; both say the same. */
export function composeLetter(letter: Letter, locale: Locale): { subject: string; text: string; html: string } {
  const words = wordsFor(locale)
  // Each name belongs to its own values; TypeScript sees only that one of them is called.
  const compose = letters[letter.name] as (values: Letter['values'], words: unknown) => Composition
  const composition = compose(letter.values, words)
  return { subject: composition.subject, text: letterText(composition), html: letterPage(composition, words, locale) }
}
