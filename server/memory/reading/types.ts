/** Why a document could not be read: `documents.reasons.<reason>` of the message files. */
export const readingFaults = ['notText', 'noText', 'broken', 'encrypted', 'tooLong', 'tooSlow', 'gone', 'internal'] as const
export type ReadingFault = (typeof readingFaults)[number]

/** A document that cannot be read, whoever tries. */
export class Unreadable extends Error {
  constructor(
    readonly fault: ReadingFault,
    options?: ErrorOptions,
  ) {
    super(fault, options)
  }
}

/** A document's text, page by page where it has pages. */
export interface ReadPage {
  page: number | null
  text: string
}

/** A piece that fits into an answer. */
export interface Piece {
  page: number | null
  text: string
}

/** Characters of one document that are read at most, and its pages. */
export const readingBounds = { characters: 6_000_000, pages: 3_000, pdfMs: 90_000, pdfMb: 512 } as const
