import type { Chunk, StreamHead } from '@/server/streams/schema.ts'

/** Somebody who wants to hear of a stream's growth. */
export interface Watcher {
  /** `chunk` comes along while it is small; without it the watcher reads from its own cursor. */
  tell(message: { head: StreamHead; chunk?: Chunk }): void
}
