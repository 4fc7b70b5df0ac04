import { z } from 'zod'
import { chatLimits, type Part, type ToolPart } from '@/server/chats/schema.ts'

/** What happens while an answer is made. Events of a run are numbered from 1; applied in order they make the message. */
export type RunEvent =
  /** A part begins at this place; whatever stood there is replaced. */
  | { type: 'part'; index: number; part: Part }
  /** Text that follows what a part has: of a text or of thinking, a tool's input, or its output. */
  | { type: 'delta'; index: number; field: 'text' | 'input' | 'output'; text: string }
  /** What else changed about a part: a tool's state and times, a signature. */
  | { type: 'patch'; index: number; patch: Partial<ToolPart> & { signature?: string } }
  /** The parts from here on are taken back: the turn they came in broke off and is asked for again. */
  | { type: 'back'; index: number }
  | { type: 'state'; state: RunStateName; failure?: string }
  | { type: 'usage'; inputTokens: number; outputTokens: number; cacheTokens: number; contextTokens: number; costMicros: number }
  /** The model is busy: asked again after `waitMs`, which began at `at`. Null: it goes on. */
  | { type: 'wait'; wait: { status: number; at: number; waitMs: number; attempt: number } | null }
  | { type: 'title'; title: string }

export const runStates = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'stopped'] as const
export type RunStateName = (typeof runStates)[number]
export const isOver = (state: RunStateName): boolean => state === 'succeeded' || state === 'failed' || state === 'stopped'

/** Applies one event to a message's parts, in place; events about anything else change nothing. */
export function applyEvent(parts: Part[], event: RunEvent): void {
  if (event.type === 'back') parts.length = Math.min(parts.length, event.index)
  else if (event.type === 'part') {
    parts.length = Math.min(parts.length, event.index)
    parts.push({ ...event.part })
  } else if (event.type === 'delta') {
    const part = parts[event.index] as Record<string, string> | undefined
    if (part) part[event.field] = (part[event.field] ?? '') + event.text
  } else if (event.type === 'patch' && parts[event.index]) Object.assign(parts[event.index] as object, event.patch)
}

export const sendInput = z.object({
  sessionId: z.uuid(),
  requestId: z.uuid(),
  text: z.string().trim().max(chatLimits.text),
  attachmentIds: z.array(z.uuid()).max(chatLimits.attachments).default([]),
  /** The message it follows; the shown branch's last one where it is left out; null begins anew. An edited message follows what the original followed. */
  parentId: z.uuid().nullable().optional(),
  /** Whom it is for, where that is not the session's own agent. */
  agentId: z.uuid().optional(),
})
export const startedOutput = z.object({ messageId: z.string(), answerId: z.string(), runId: z.string() })
/** Answers a message once more, in another branch. */
export const regenerateInput = z.object({ sessionId: z.uuid(), requestId: z.uuid(), messageId: z.uuid() })
export const runInput = z.object({ sessionId: z.uuid(), runId: z.uuid() })

/** Events of a run after one of them, as many as there are or fit. */
export const eventsInput = runInput.extend({ after: z.number().int().min(0) })
export const eventsOutput = z.object({
  from: z.number().int(),
  events: z.array(z.custom<RunEvent>((value) => typeof value === 'object' && value !== null).meta({ override: { type: 'object' } })),
  over: z.boolean(),
})

export const approvalSchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  runId: z.string(),
  /** Title of the conversation and name of the agent that asks. */
  title: z.string().nullable(),
  agentName: z.string().nullable(),
  tool: z.string(),
  /** The JSON of what it would do; null where no key opens it. */
  input: z.string().nullable(),
  state: z.enum(['waiting', 'allowed', 'denied', 'expired']),
  askedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
})
export type Approval = z.infer<typeof approvalSchema>
/** `always` allows the tool for the rest of this run. */
export const decideInput = z.object({ approvalId: z.uuid(), decision: z.enum(['allow', 'always', 'deny']) })

/** How far an installation of Claude Code has come. `failed`: why the last one came to nothing; its words are an administrator's to read. */
export const engineInstallOutput = z.object({
  installed: z.boolean(),
  installing: z.boolean(),
  bytes: z.number(),
  expectedBytes: z.number(),
  failed: z.string().nullable(),
  mayInstall: z.boolean(),
})
export type EngineInstall = z.infer<typeof engineInstallOutput>

/** Why a run failed; each has its sentence in the message files. */
export const runFailures = [
  'quota',
  'overloaded',
  'refused',
  'tooLong',
  'interrupted',
  'unreachable',
  'paused',
  'engineMissing',
  'agentGone',
  'unreadable',
  'internal',
  'budget',
  'closed',
  'suspended',
] as const
export type RunFailure = (typeof runFailures)[number]

/**
 * Live traffic of one conversation. The client opens it and then reads messages; frames carry a run's events from number `from` on. A frame
 * that does not follow the last one applied means that some were missed: ask `workspace.events`.
 */
export interface ChatFrame {
  sessionId: string
  runId: string
  messageId: string
  from: number
  events: RunEvent[]
}
export interface ChatServerEvents {
  'chat:events': (frame: ChatFrame) => void
  /** Something of the conversation that is no event of a run: read it again. */
  'chat:changed': (change: { sessionId: string; kind: 'messages' | 'session' | 'files' | 'approvals' | 'preview' }) => void
  /** Something of this person's workspace: the list, what waits for their word, what is unread. `ended` names a run that came to its end. */
  'workspace:changed': (change: { kind: 'list' | 'approvals' | 'ended' | 'agents'; sessionId?: string; state?: RunStateName }) => void
}
type Ack = (answer: { ok: true } | { error: { code: string; message: string } }) => void
export interface ChatClientEvents {
  'chat:open': (input: { sessionId: string }, ack: Ack) => void
  'chat:close': (input: { sessionId: string }) => void
  'workspace:open': (ack: Ack) => void
}
