import type { Preview } from '../schema.ts'

/** A preview of a session: what it is, and the app's socket while there is one. */
export interface RunningPreview {
  /** The label of its host, good for this run alone. */
  name: string
  socketPath: string
  view(): Preview
  isOver(): boolean
  usedAt(): number
  touch(): void
  /** Ends it; with a reason it counts as failed, and the page tells why. */
  stop(why?: Preview['reason']): void
}

/** What a preview is started with. */
export interface PreviewOptions {
  sessionId: string
  directory: string
  command: string
  fileMb: number
  /** Hears of its process, and gives what is to be called at its end. */
  onStart(pid: number | undefined): () => void
  /** Its state changed. */
  onChange(): void
  /** Nothing of it runs any more. */
  onEnd(preview: RunningPreview): void
}
