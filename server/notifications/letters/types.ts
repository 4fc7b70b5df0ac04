import type { Letter, LetterName } from '../schema.ts'
import type { Words } from './words.ts'

/** What a letter says, whatever it will look like. Every text is plain: nothing in it is markup. */
export interface Composition {
  subject: string
  /** What a list of mails shows behind the subject. */
  preheader: string
  heading: string
  greeting: string | null
  paragraphs: string[]
  facts?: { label: string; value: string }[]
  /** Somebody's own words. */
  quote?: { label: string; text: string }
  button?: { label: string; link: string }
  /** What stands below the button. */
  after?: string[]
  /** Why the receiver gets this mail. */
  why: string
}

/** The blanks of one letter. */
export type ValuesOf<N extends LetterName> = Extract<Letter, { name: N }>['values']

/** Puts one letter into words. */
export type Compose<N extends LetterName> = (values: ValuesOf<N>, words: Words) => Composition
