import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import type { RunningPreview } from '../previews/types.ts'
import type { Terminal } from '../shells/types.ts'

/** What runs for one conversation, and whose it is. */
export interface Desk {
  sessionId: string
  ownerId: ActorId
  spaceId: ProjectId
  /** By their ids, oldest first; null while one is being started. */
  terminals: Map<string, Terminal | null>
  preview: RunningPreview | null
  /** How many are just starting something here. */
  busy: number
  /** Something was said or typed: files may have changed. */
  stir(): void
  /** Looks whether it is still needed, after something of it came to its end. */
  settle(): void
}
