import type { Part } from '@/server/chats/schema.ts'
import type { RunEvent } from '../schema.ts'

/** What one run has cost so far. `contextTokens` is the most that any of its requests took up. */
export interface RunUsage {
  inputTokens: number
  outputTokens: number
  cacheTokens: number
  contextTokens: number
  costMicros: number
}

/** Writes down what happens in a run: at once for whoever watches, and a moment later into the run's stream. */
export interface Recorder {
  /** The message as it stands. */
  readonly parts: readonly Part[]
  /** How many answers of the model are whole. */
  readonly turnsDone: number
  readonly usage: RunUsage
  /** How the run ended, where its stream says so already. */
  readonly ended: Extract<RunEvent, { type: 'state' }> | null
  emit(...events: RunEvent[]): void
  /** Resolves when all that was emitted is stored. @throws where it cannot be */
  flush(): Promise<void>
  /** Flushes, and lets go. */
  close(): Promise<void>
}
