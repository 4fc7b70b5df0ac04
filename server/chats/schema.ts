import { z } from 'zod'

export const chatLimits = {
  text: 100_000,
  title: 120,
  attachments: 20,
  /** Of one file, and of an image as a model takes it. */
  fileBytes: 20 * 1024 * 1024,
  imageBytes: 5 * 1024 * 1024,
} as const
export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const

export const toolStates = ['writing', 'waiting', 'running', 'done', 'failed', 'denied', 'interrupted'] as const
export type ToolState = (typeof toolStates)[number]

const turn = z.number().int().min(0)
/**
 * What a message consists of, in order. `turn` counts the model's answers within one message: all parts of a turn came in one answer of the
 * model, and the outputs of its tool calls go back in the next request.
 */
export const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), turn, text: z.string() }),
  /** `signature` lets the model recognise its own thinking; `redacted` is thinking that nobody may read. */
  z.object({
    type: z.literal('thinking'),
    turn,
    text: z.string(),
    signature: z.string().optional(),
    redacted: z.string().optional(),
    durationMs: z.number().optional(),
  }),
  z.object({
    type: z.literal('tool'),
    turn,
    callId: z.string(),
    tool: z.string(),
    /** The JSON of its input, as far as it has been written. */
    input: z.string(),
    /** What a person is shown of its output, and the model told; cut where it was long. */
    output: z.string(),
    state: z.enum(toolStates),
    approvalId: z.string().optional(),
    startedAt: z.number().optional(),
    durationMs: z.number().optional(),
    /** Files that it changed, with how. */
    changed: z.array(z.object({ path: z.string(), kind: z.enum(['added', 'changed', 'deleted']) })).optional(),
  }),
  z.object({
    type: z.literal('file'),
    turn: turn.default(0),
    attachmentId: z.string(),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.number().int(),
  }),
  /** Passages of documents that the answer may cite. */
  z.object({
    type: z.literal('sources'),
    turn,
    items: z.array(z.object({ documentId: z.string(), name: z.string(), page: z.number().int().nullable(), text: z.string() })),
  }),
  /** What the platform says: secrets were replaced, paths withheld, the thread compacted, an agent brought in. */
  z.object({
    type: z.literal('notice'),
    turn,
    notice: z.enum(['redacted', 'withheld', 'compacted', 'interrupted', 'quota', 'turns', 'cut', 'mcp']),
    values: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  }),
])
export type Part = z.infer<typeof partSchema>
export type ToolPart = Extract<Part, { type: 'tool' }>

export const messageStates = ['open', 'done', 'stopped', 'failed'] as const
export const messageSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  role: z.enum(['user', 'assistant', 'summary']),
  /** Null where no key opens it. */
  parts: z.array(partSchema).nullable(),
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  model: z.string().nullable(),
  /** The rule-based stand-in answers in the model's place. */
  demo: z.boolean(),
  state: z.enum(messageStates),
  /** Its run, while that goes on; and why it failed. */
  runId: z.string().nullable(),
  failure: z.string().nullable(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  cacheTokens: z.number().int(),
  contextTokens: z.number().int(),
  costMicros: z.number(),
  durationMs: z.number().int(),
  createdAt: z.iso.datetime(),
  /** Its place among the messages that follow the same one: which branch this is, from 0. */
  siblings: z.array(z.string()),
})
export type ChatMessage = z.infer<typeof messageSchema>

export const chatStatuses = ['active', 'inactive', 'closed'] as const
export const chatSchema = z.object({
  id: z.string(),
  /** Null while it has none; `unreadable` where no key opens it. */
  title: z.string().nullable(),
  unreadable: z.boolean(),
  status: z.enum(chatStatuses),
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  unread: z.boolean(),
  pinned: z.boolean(),
  archived: z.boolean(),
  shared: z.boolean(),
  /** An answer is being made, or waits for a person. */
  activity: z.enum(['none', 'running', 'waiting']),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costMicros: z.number(),
  lastActiveAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
})
export type Chat = z.infer<typeof chatSchema>

export const chatInput = z.object({ id: z.uuid() })
export const exportFormats = ['md', 'json'] as const
export const createChatInput = z.object({ requestId: z.uuid(), agentId: z.uuid().nullable().default(null) })
export const listChatsInput = z.object({
  /** Looked for in titles and in what was said. */
  search: z.string().trim().max(200).optional(),
  archived: z.coerce.boolean().default(false),
  /** The `next` of the page before. */
  before: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
/**
 * Pinned ones first, then the latest. `snippet` is where the words were found. `cut`: a search ended before everything was looked at;
 * `next` goes on with it.
 */
export const listChatsOutput = z.object({
  items: z.array(chatSchema.extend({ snippet: z.string().nullable() })),
  next: z.string().nullable(),
  cut: z.boolean(),
})
/** How much a search opens before it says that there is more, and how long that may take. */
export const searchLimits = { bytes: 64 * 1024 * 1024, ms: 2_000 } as const

export const selectInput = chatInput.extend({ messageId: z.uuid() })
export const selectOutput = z.object({ leafId: z.string() })
/** An empty title has the conversation named by itself again. */
export const renameInput = chatInput.extend({ title: z.string().trim().max(chatLimits.title) })
export const pinInput = chatInput.extend({ pinned: z.boolean() })
export const archiveInput = chatInput.extend({ archived: z.boolean() })
export const doneOutput = z.object({ done: z.literal(true) })
export const unreadOutput = z.object({ unread: z.number().int() })

/** What stands in the link to a shared conversation: 256 bits. */
export const shareSecretSchema = z
  .string()
  .regex(/^[\w-]{43}$/)
  .meta({ example: 'Jp8mQ2vX4sTb1nR6yWcZ0aLhKdE3uGfO7iN9xVqYtSw' })
/** The secret is told once: only its hash is kept. */
export const shareOutput = z.object({ secret: shareSecretSchema, url: z.string() })
export const sharedInput = z.object({ secret: shareSecretSchema, before: z.uuid().optional() })
export const sharedOutput = z.object({
  title: z.string().nullable(),
  /** When it is removed if nobody takes it up again; null while it is pinned. */
  until: z.iso.datetime().nullable(),
  items: z.array(messageSchema),
  next: z.string().nullable(),
  total: z.number().int(),
})

/** Messages of the branch that is shown, oldest first: the last `limit` before one of them. */
export const messagesInput = chatInput.extend({ before: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(60) })
export const messagesOutput = z.object({
  items: z.array(messageSchema),
  /** The `before` of the page of older ones. */ next: z.string().nullable(),
  total: z.number().int(),
})

/** What is left to a person today, and of what there is in all. */
export const quotaSchema = z.object({
  tokens: z.object({ used: z.number(), limit: z.number() }),
  sessions: z.object({ used: z.number(), limit: z.number() }),
  diskBytes: z.object({ used: z.number(), limit: z.number() }),
  /** When the day's tokens begin anew. */
  resetsAt: z.iso.datetime(),
})
export type Quota = z.infer<typeof quotaSchema>
