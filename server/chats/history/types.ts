import type { Chat } from '../schema.ts'

/** A conversation in a list, with where the words that were looked for were found. */
export type Listed = Chat & { snippet: string | null }

/** How far a search has come: what it may still open. */
export interface Budget {
  bytes: number
  until: number
}

/** What of a conversation's beginning a title is made of. */
export interface Beginning {
  question: string
  answer: string
}
