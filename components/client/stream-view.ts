/** One line of a stream as a console shows it. */
export interface StreamLine {
  /** The line's number in the whole stream, from 1; what `#L<seq>` links to. */
  readonly seq: number
  /** The line without its break, as it was printed: escape sequences and "\r" are still in it. Null where it could not be opened. */
  readonly text: string | null
  /** The stage's key; '' where the stream has one voice. */
  readonly tag: string
  /** When its segment was gathered: ISO 8601, UTC. */
  readonly at: string
}

/** `live`: subscribed and caught up. `offline`: the socket is away, what is loaded stays readable. `failed`: refused, see `error`. */
export type StreamState = 'connecting' | 'live' | 'offline' | 'failed'

/**
 * An immutable picture of one stream, or of one tag's lines in it: a new object whenever anything that can be seen changed, the same
 * object otherwise. Positions run from 0 to `total - 1` without gaps; with a tag they count that tag's lines only.
 */
export interface StreamView {
  /** Grows while the stream does, never shrinks. Nothing is loaded for it: a view of 1,000,000 lines costs what its visible part costs. */
  readonly total: number
  /** The stream grows no more. */
  readonly closed: boolean
  readonly state: StreamState
  readonly error: { code: string; message: string } | null
  /** The line at a position, or undefined while it is not loaded. Pure: it asks for nothing. */
  lineAt(position: number): StreamLine | undefined
  /**
   * Says which positions are on the screen, `[start, end)`; what is missing there is fetched, with some more around it, and a new view
   * follows. Call it whenever the visible range or `total` changes. Ranges that scrolled by before their turn are not fetched.
   */
  ensure(start: number, end: number): void
  /** The number of the line at a position (known without loading it), for the gutter; undefined beyond `total`. */
  seqAt(position: number): number | undefined
  /** The position of line `seq`, or of the first one after it that this view has; `total` where there is none. */
  positionOf(seq: number): number
}
