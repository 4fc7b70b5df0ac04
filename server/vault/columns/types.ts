/** A sealed column, and the one beside it that older versions wrote in the clear. */
export interface Stored {
  sealed: Uint8Array | null
  plain: string | null
}

/** What was read of a column. Where it holds something that no key opens, there is no value and `unreadable` says so. */
export interface Opened<T = string> {
  value: T | null
  unreadable: boolean
}

/** What became of a column in a round of sealing anew. */
export interface Resealed {
  /** What is to be stored now; null where it stays as it is. */
  sealed: Buffer | null
  /** How many sealed bytes were looked at. */
  bytes: number
  unreadable: boolean
}
