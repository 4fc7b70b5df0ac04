import type { ChatMessage, Part } from '../schema.ts'

/** What a person says. `parentId`: the message it follows, undefined for the shown branch's last one, null to begin anew. */
export interface SaidMessage {
  id: string
  parentId?: string | null
  parts: Part[]
}

/** An answer that begins. */
export interface OpenedAnswer {
  id: string
  parentId: string | null
  agentId: string | null
  agentName: string | null
  model: string | null
  /** The rule-based stand-in answers in its place. */
  demo?: boolean
}

/** What stands for everything before it when the thread is sent to a model; what it stands for is kept. */
export interface Summary {
  id: string
  parentId: string
  parts: Part[]
  agentName?: string | null
  model?: string | null
}

/** How an answer ended. */
export interface FinishedAnswer {
  parts: Part[]
  state: Exclude<ChatMessage['state'], 'open'>
  model?: string | null
  inputTokens?: number
  outputTokens?: number
  cacheTokens?: number
  contextTokens?: number
  costMicros?: number
  durationMs?: number
  /** Nobody looked: the conversation gets its mark. */
  unread?: boolean
}

/** Where a message stands, and whether this call put it there. */
export interface Placed {
  id: string
  parentId: string | null
  created: boolean
}
