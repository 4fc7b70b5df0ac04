/** What is remembered of a file's content: its hash, and by what a change shows without reading it. */
export interface Known {
  hash: string
  bytes: number
  /** Size, times and place on disk. */
  stamp: string
}

/** A state of all files, by path. */
export type State = Record<string, Known>

/** Where contents that are kept find room: whether so many bytes more do, which are then taken. */
export type TakeRoom = (bytes: number) => Promise<boolean>

/** How one path differs between two states; null where there was, or is, nothing. */
export interface Difference {
  path: string
  from: string | null
  to: string | null
}
