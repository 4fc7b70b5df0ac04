import { z } from 'zod'
import { efforts, type ModelName, models } from '@/server/models/schema.ts'

export const agentStatuses = ['draft', 'active', 'paused', 'error'] as const
export type AgentStatus = (typeof agentStatuses)[number]
/** Who besides its owner may use an agent: nobody, the members of one project, everybody of this installation. */
export const sharings = ['private', 'project', 'all'] as const
export type Sharing = (typeof sharings)[number]

/** What drives an agent: the platform's own loop over the Messages API, or the Claude Code program in a sandbox. */
export const engines = ['messages', 'claude-code'] as const
export type EngineName = (typeof engines)[number]

/** The tools that an agent may be given, besides those of its MCP servers. */
export const toolNames = [
  'list_files',
  'read_file',
  'write_file',
  'edit_file',
  'delete_file',
  'search_files',
  'run_command',
  'fetch_page',
  'search_documents',
  'list_projects',
  'read_builds',
  'read_log',
] as const
export type ToolName = (typeof toolNames)[number]
export const permissions = ['allowed', 'ask', 'denied'] as const
export type Permission = (typeof permissions)[number]

/** What each tool may do where nobody chose otherwise: looking is allowed, what acts asks. */
export const defaultTools: Record<ToolName, Permission> = {
  list_files: 'allowed',
  read_file: 'allowed',
  write_file: 'allowed',
  edit_file: 'allowed',
  delete_file: 'ask',
  search_files: 'allowed',
  run_command: 'ask',
  fetch_page: 'denied',
  search_documents: 'allowed',
  list_projects: 'denied',
  read_builds: 'denied',
  read_log: 'denied',
}

export const agentLimits = {
  name: 80,
  description: 500,
  instructions: 32_000,
  tags: 10,
  tagLength: 30,
  mcpServers: 8,
  pages: 50,
  perOwner: 500,
  /** Versions of one agent that are kept, the newest. */
  versions: 200,
  /** Errors in a row after which an agent is in `error`. */
  failures: 5,
} as const

const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !/[\p{Cc}]/u.test(text), { message: 'has no control characters' })

/** Names and values that go to an MCP server: of environment variables, or of headers. Values are secrets. */
const pairs = z.array(z.object({ name: z.string().regex(/^[A-Za-z][\w-]{0,63}$/), value: z.string().max(4_000) })).max(20)
const mcpCommon = {
  /** Its tools are called `mcp__<name>__<tool>`. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  permission: z.enum(permissions).default('ask'),
  /** Tools whose permission differs from the server's. */
  tools: z.record(z.string().max(100), z.enum(permissions)).default({}),
}
export const mcpServerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stdio'),
    ...mcpCommon,
    command: z.string().trim().min(1).max(200),
    /** One may be a whole small program: `node -e …`. */
    args: z.array(z.string().max(4_000)).max(30).default([]),
    env: pairs.default([]),
  }),
  z.object({ type: z.literal('http'), ...mcpCommon, url: z.url({ protocol: /^https?$/ }).max(2_000), headers: pairs.default([]) }),
])
export type McpServer = z.infer<typeof mcpServerSchema>

/** A server to try out; `agentId` names the agent whose stored secrets stand in for masked ones. */
export const checkMcpInput = z.object({ agentId: z.uuid().nullable().default(null), server: mcpServerSchema })
export const checkMcpOutput = z.object({
  ok: z.boolean(),
  /** By the names that permissions are given to. */
  tools: z.array(z.object({ name: z.string(), description: z.string() })),
  /** Why it cannot be used: `said.<key>` of the message files, and the same in English. */
  problem: z.object({ key: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])), message: z.string() }).nullable(),
})
export type CheckedMcp = z.infer<typeof checkMcpOutput>

const modelNames = Object.keys(models) as [ModelName, ...ModelName[]]
const modelNameSchema = z.enum(modelNames)

/** What an agent is told and may do; sealed at rest. A field that its model does not take is null. */
export const agentConfigSchema = z.object({
  instructions: z.string().max(agentLimits.instructions).default(''),
  engine: z.enum(engines).default('messages'),
  model: modelNameSchema,
  temperature: z.number().min(0).max(1).nullable().default(null),
  maxTokens: z.number().int().min(1).default(8_000),
  effort: z.enum(efforts).nullable().default(null),
  /** For models that think: `off`, `on` where the model decides how much, or a number of tokens. */
  thinking: z.union([z.literal('off'), z.literal('on'), z.number().int().min(1_024)]).default('off'),
  tools: z.partialRecord(z.enum(toolNames), z.enum(permissions)).default({}),
  mcpServers: z.array(mcpServerSchema).max(agentLimits.mcpServers).default([]),
  /** Hosts whose pages it may fetch: `example.com`, or `*.example.com` with all below it. */
  pages: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+$/),
    )
    .max(agentLimits.pages)
    .default([]),
})
export type AgentConfig = z.infer<typeof agentConfigSchema>

/** The fields of a configuration that do not fit its model, with what is wrong: nothing of this is ever sent. */
export function modelProblems(
  config: AgentConfig,
): { field: 'temperature' | 'maxTokens' | 'effort' | 'thinking'; problem: 'notTaken' | 'tooMany' }[] {
  const facts = models[config.model]
  const found: ReturnType<typeof modelProblems> = []
  if (config.temperature !== null && !facts.temperature) found.push({ field: 'temperature', problem: 'notTaken' })
  if (config.maxTokens > facts.maxOutputTokens) found.push({ field: 'maxTokens', problem: 'tooMany' })
  if (config.effort !== null && !(facts.efforts as readonly string[]).includes(config.effort))
    found.push({ field: 'effort', problem: 'notTaken' })
  if (config.thinking === 'on' && facts.thinking !== 'adaptive') found.push({ field: 'thinking', problem: 'notTaken' })
  if (typeof config.thinking === 'number' && facts.thinking !== 'budget') found.push({ field: 'thinking', problem: 'notTaken' })
  if (typeof config.thinking === 'number' && config.thinking >= config.maxTokens) found.push({ field: 'thinking', problem: 'tooMany' })
  return found
}

/** What a person writes in the form. */
export const agentDraftSchema = z.object({
  name: line(agentLimits.name).min(1),
  description: line(agentLimits.description).default(''),
  tags: z.array(line(agentLimits.tagLength).min(1).toLowerCase()).max(agentLimits.tags).default([]),
  /** An emoji or one or two letters; the name's first letter where it is empty. */
  avatar: line(8).default(''),
  status: z.enum(['draft', 'active', 'paused']).default('draft'),
  sharing: z.enum(sharings).default('private'),
  /** The service name of the project it is shared with. */
  service: z.string().max(64).nullable().default(null),
  config: agentConfigSchema,
})
export type AgentDraft = z.infer<typeof agentDraftSchema>

/** One row of the list: a card, or a line of the table. */
export const agentCardSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  status: z.enum(agentStatuses),
  /** Why it is in `error`. */
  statusReason: z.string().nullable(),
  model: z.string(),
  engine: z.enum(engines),
  tags: z.array(z.string()),
  avatar: z.string(),
  sharing: z.enum(sharings),
  service: z.string().nullable(),
  own: z.boolean(),
  owner: z.string(),
  version: z.number().int(),
  runs: z.number().int(),
  succeeded: z.number().int(),
  tokens: z.number(),
  costMicros: z.number(),
  lastRunAt: z.iso.datetime().nullable(),
  archived: z.boolean(),
  updatedAt: z.iso.datetime(),
})
export type AgentCard = z.infer<typeof agentCardSchema>

/** An agent whole. Whoever may use it but not change it sees no instructions and no secrets: `config` is null for them; it is null with `unreadable` where no key opens it. */
export const agentSchema = agentCardSchema.extend({
  createdAt: z.iso.datetime(),
  mayEdit: z.boolean(),
  config: agentConfigSchema.nullable(),
  unreadable: z.boolean(),
})
export type Agent = z.infer<typeof agentSchema>

export const agentSorts = ['updated', 'name', 'runs', 'lastRun', 'cost'] as const
export const listAgentsInput = z.object({
  search: line(100).optional(),
  status: z.enum(agentStatuses).optional(),
  tag: line(agentLimits.tagLength).optional(),
  /** Whose: one's own, those that others share, or both. */
  whose: z.enum(['own', 'shared', 'all']).default('all'),
  archived: z.coerce.boolean().default(false),
  sort: z.enum(agentSorts).default('updated'),
  direction: z.enum(['asc', 'desc']).optional(),
  /** The page's number, from 1. */
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export const listAgentsOutput = z.object({ items: z.array(agentCardSchema), total: z.number().int(), tags: z.array(z.string()) })

/** Stands for a secret that is stored and never shown; saved again, it keeps what is stored. */
export const maskedValue = '••••••••'

export const createAgentInput = agentDraftSchema.extend({ requestId: z.uuid() })
export const agentIdInput = z.object({ id: z.uuid() })
/** `version` is the one that was edited: where another one was saved meanwhile, nothing is overwritten. */
export const editAgentInput = agentDraftSchema.extend({ id: z.uuid(), version: z.number().int().min(1) })
export const duplicateAgentInput = z.object({ id: z.uuid(), requestId: z.uuid(), name: line(agentLimits.name).min(1).optional() })
export const archiveAgentInput = z.object({ id: z.uuid(), archived: z.boolean().default(true) })
export const rollbackAgentInput = z.object({ id: z.uuid(), number: z.number().int().min(1), version: z.number().int().min(1) })

export const versionsOutput = z.object({
  items: z.array(
    z.object({
      number: z.number().int(),
      /** Who saved it; null where the account is gone. */
      author: z.string().nullable(),
      createdAt: z.iso.datetime(),
      current: z.boolean(),
    }),
  ),
})
export type AgentVersionRow = z.infer<typeof versionsOutput>['items'][number]

export const differenceInput = z.object({
  id: z.uuid(),
  from: z.coerce.number().int().min(1),
  to: z.coerce.number().int().min(1),
})
export const differenceOutput = z.object({
  from: z.number().int(),
  to: z.number().int(),
  /** Whether one of the two opens with no key. */
  unreadable: z.boolean(),
  fields: z.array(
    z.object({
      /** `name`, `config.model`, `config.tools.run_command`, `config.mcpServers.<name>`. */
      field: z.string(),
      before: z.string(),
      after: z.string(),
      /** The hunks of a unified difference, for text of several lines. */
      patch: z.string().nullable(),
      /** Whether a secret in it changed, which is not shown. */
      secrets: z.boolean(),
    }),
  ),
})
export type AgentDifference = z.infer<typeof differenceOutput>

/** What a new agent may begin with; names and descriptions stand in the message files. */
export const templateKeys = ['assistant', 'strategist', 'architect', 'frontend', 'backend', 'qa', 'devops', 'reviewer'] as const
export type TemplateKey = (typeof templateKeys)[number]
export const agentTemplateSchema = z.object({
  key: z.enum(templateKeys),
  avatar: z.string(),
  tags: z.array(z.string()),
  config: agentConfigSchema,
})
export type AgentTemplate = z.infer<typeof agentTemplateSchema>
