import type { TerminalEnd } from '../schema.ts'

/** A piece of output and where it begins, counted in bytes from the terminal's start. */
export interface Piece {
  at: number
  data: Uint8Array
}

export interface Size {
  cols: number
  rows: number
}

/** Whoever looks at a terminal. */
export interface Watcher {
  output(piece: Piece): void
  ended(end: { exitCode: number | null; why: TerminalEnd }): void
}

/** One watcher's hold on a terminal. */
export interface Seat {
  /** Everything before this byte has been shown: more may come. */
  seen(at: number): void
  resize(size: Size): void
  leave(): void
}

/** A shell in a sandbox, behind pipes. */
export interface Shell {
  write(data: string): void
  resize(size: Size): void
  /** Holds its output back, and so the program; its input still arrives. */
  pause(): void
  resume(): void
  kill(): void
}

/** A terminal that runs. */
export interface Terminal {
  id: string
  sessionId: string
  startedAt: number
  /** When something was typed, or said while somebody looked. */
  usedAt(): number
  isOver(): boolean
  write(data: string): void
  /** Takes a seat: what is kept of the output after a byte, and everything that follows to the watcher. */
  watch(watcher: Watcher, size: Size, after: number): { seat: Seat; piece: Piece }
  end(why: TerminalEnd): void
}
