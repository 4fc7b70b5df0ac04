import { type AgentConfig, agentConfigSchema, defaultTools, type Permission, type ToolName } from '@/server/agents/schema.ts'
import type { ChatMessage, Part } from '@/server/chats/schema.ts'
import { models } from '@/server/models/schema.ts'

/** Answers of the model within one message; a loop of tool calls that goes on is stopped. */
export const maxTurns = 60
/** A process that has not said for so long that it is at its runs has ended. */
export const silentMs = 15_000
export const heartbeatMs = 4_000
/** Answers that are at work at once: of one person, and in one process. */
export const runsPerPerson = 8
export const runsPerProcess = 1_000
/** Answers that wait for a person's word hold no place of those; of them there may be so many more. */
export const waitingPerPerson = 32
export const waitingPerProcess = 4_000
/** Whether an engine lets go of nearly everything while it waits; a program that stays in memory keeps its place. */
export const waitsLightly = (engine: string): boolean => engine === 'messages'
/** How many answers are at work, and how many only wait for a word. */
export function placesOf(open: readonly { state: string; engine: string; count: number }[]): { working: number; waiting: number } {
  const sum = (wanted: boolean) =>
    open.reduce((total, { state, engine, count }) => total + ((state === 'WAITING' && waitsLightly(engine)) === wanted ? count : 0), 0)
  return { working: sum(false), waiting: sum(true) }
}

/** Without a person's word for so long a tool call is denied. */
export const approvalMs = 24 * 3_600_000
/** Above this share of the model's context the older part of a conversation is summed up. */
const compactAbove = 0.75
/** So many of the latest messages stay as they are. */
export const keptMessages = 6

/** What answers where a conversation has no agent. */
export const plainConfig: AgentConfig = agentConfigSchema.parse({ model: 'claude-sonnet-5-5', maxTokens: 16_000 })

/** What an agent's settings say of a tool; a tool that nobody knows is denied. */
export function permissionOf(config: AgentConfig, tool: string): Permission {
  const [, server, name] = /^mcp__([a-z][a-z0-9-]*)__(.+)$/.exec(tool) ?? []
  if (server && name) {
    const found = config.mcpServers.find((one) => one.name === server)
    return found ? (Object.hasOwn(found.tools, name) ? (found.tools[name] ?? 'denied') : found.permission) : 'denied'
  }
  if (!Object.hasOwn(defaultTools, tool)) return 'denied'
  return config.tools[tool as ToolName] ?? defaultTools[tool as ToolName]
}

/** The parameters of a request: only those that the model takes. */
export function parametersOf(config: AgentConfig) {
  const facts = models[config.model]
  const budget = typeof config.thinking === 'number' && facts.thinking === 'budget' ? config.thinking : null
  const adaptive = config.thinking === 'on' && facts.thinking === 'adaptive'
  const maxTokens = Math.min(config.maxTokens, facts.maxOutputTokens)
  const effort = config.effort && (facts.efforts as readonly string[]).includes(config.effort) ? config.effort : null
  const thinks = adaptive || (budget !== null && budget < maxTokens)
  return {
    model: config.model,
    max_tokens: maxTokens,
    // A model that thinks takes no temperature.
    ...(facts.temperature && config.temperature !== null && !thinks ? { temperature: config.temperature } : {}),
    ...(adaptive ? { thinking: { type: 'adaptive' as const } } : {}),
    ...(budget !== null && budget < maxTokens ? { thinking: { type: 'enabled' as const, budget_tokens: budget } } : {}),
    ...(effort ? { output_config: { effort } } : {}),
  }
}

const textOf = (parts: readonly Part[]) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n')

/**
 * What of a branch a model is given: all of it; behind a summary the summary, the latest messages that it follows, and what came since.
 */
export function sinceSummary(branch: readonly ChatMessage[]): ChatMessage[] {
  const at = branch.findLastIndex(({ role }) => role === 'summary')
  const summary = branch[at]
  if (!summary) return [...branch]
  const before = branch.slice(0, at).filter(({ role }) => role !== 'summary')
  return [summary, ...before.slice(-keptMessages), ...branch.slice(at + 1)]
}

/** Whether a conversation has grown so long that its older part is to be summed up. */
export const isLong = (contextTokens: number, config: AgentConfig): boolean =>
  contextTokens + config.maxTokens >= models[config.model].contextTokens * compactAbove

/** The messages that a summary stands for; the latest stay as they are. */
export const summedUp = (history: readonly ChatMessage[]): readonly ChatMessage[] =>
  history.slice(0, Math.max(0, history.length + 1 - keptMessages))

/**
 * A text without halves of letters, which a cut leaves and anybody may send: the model's API takes no request that has one. (Every Node that we
 * run on knows how; the types of our target do not.)
 */
export const wholeLetters = (text: string): string => (text as string & { toWellFormed(): string }).toWellFormed()

/**
 * A conversation as a text, for whoever sums it up.
 * @param mostBytes as UTF-8: a letter of Hangul is three of these and a token of its own, of English letters four make one
 */
export function transcript(messages: readonly ChatMessage[], mostBytes: number): string {
  const lines = messages.map(({ role, agentName, parts }) => {
    const tools = (parts ?? []).flatMap((part) =>
      part.type === 'tool' ? [`[${part.tool} ${part.input.slice(0, 300)} -> ${part.output.slice(0, 600)}]`] : [],
    )
    return `${role === 'user' ? 'Person' : (agentName ?? 'Assistant')}: ${[textOf(parts ?? []), ...tools].filter(Boolean).join('\n')}`
  })
  const text = lines.join('\n\n')
  const bytes = Buffer.byteLength(text)
  const half = Math.floor(((mostBytes / Math.max(1, bytes)) * text.length) / 2)
  return wholeLetters(bytes <= mostBytes ? text : `${text.slice(0, half)}\n[…]\n${text.slice(-half)}`)
}

/** A text whose middle is left out where it is long. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const half = Math.floor(most / 2) - 40
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`
}
