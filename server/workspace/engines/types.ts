import type { AgentConfig } from '@/server/agents/schema.ts'
import type { ChatMessage, Part } from '@/server/chats/schema.ts'
import type { ActorId, ProjectId } from '@/server/core/gates.ts'
import type { RunUsage } from '../live/types.ts'
import type { RunEvent, RunFailure } from '../schema.ts'

/** One answer in the making, as an engine sees it. */
export interface EngineRun {
  runId: string
  sessionId: string
  messageId: string
  actorId: ActorId
  spaceId: ProjectId
  agentId: string | null
  agentName: string
  config: AgentConfig
  /** The session's folder. */
  directory: string
  /** The branch up to the message that is answered, oldest first; a `summary` stands for what came before it. */
  history: readonly ChatMessage[]
  /** The parts there are of the answer: what an earlier attempt finished. An engine goes on after them. */
  readonly parts: readonly Part[]
  /** How many answers of the model are whole: the number of the turn that comes next. */
  readonly turnsDone: number
  readonly usage: RunUsage
  /** The space's own patterns of paths that no model gets to see. */
  denyPaths: readonly string[]
  /** Fires when the person stops it, the session is closed, or this process ends. */
  signal: AbortSignal
  /** Whether it was ended for good while at work: nobody goes on with it. */
  isOver(): boolean
  /** Reports what happens; it is shown at once. */
  emit(...events: RunEvent[]): void
  /** Resolves when all that was reported is stored. */
  flush(): Promise<void>
  /** Whether a tool may be used, asking the person where the agent's settings want that. Waits for as long as that takes. Gives why not, else null. */
  permit(call: { callId: string; tool: string; input: string; index: number }): Promise<'denied' | 'expired' | null>
  /** Throws a RunStop where the person's quota is used up. */
  checkQuota(): Promise<void>
}

/** Ends a run as failed, for a reason that the person is told. */
export class RunStop extends Error {
  constructor(
    readonly failure: RunFailure,
    readonly detail: string | null = null,
  ) {
    super(failure)
  }
}

/** What drives an agent. `run` resolves when the answer is whole; it throws a RunStop, or the signal's reason. */
export interface Engine {
  /** Whether it can be used here; where not, why, and what installing it would take. */
  state(): Promise<{ available: boolean; version: string | null; installBytes: number | null; installing: boolean }>
  run(run: EngineRun): Promise<void>
}
