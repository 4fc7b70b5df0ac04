import {
  type Agent,
  type AgentConfig,
  type AgentDraft,
  type AgentTemplate,
  agentDraftSchema,
  defaultTools,
  type EngineName,
  type McpServer,
  modelProblems,
  type Permission,
  type Sharing,
  type ToolName,
} from '@/server/agents/schema.ts'
import { type Effort, type ModelFacts, type ModelName, models } from '@/server/models/schema.ts'

export interface FormServer {
  /** Keeps a row's fields with it while others come and go; nothing is sent of it. */
  key: string
  type: McpServer['type']
  name: string
  permission: Permission
  tools: Record<string, Permission>
  command: string
  args: string
  url: string
  pairs: { key: string; name: string; value: string }[]
}

/** What stands in the fields, as it was typed. */
export interface FormDraft {
  name: string
  description: string
  tags: string
  avatar: string
  status: AgentDraft['status']
  sharing: Sharing
  service: string
  engine: EngineName
  model: ModelName
  temperature: string
  maxTokens: string
  effort: Effort | ''
  thinking: 'off' | 'on' | 'budget'
  thinkingTokens: string
  instructions: string
  tools: Record<ToolName, Permission>
  servers: FormServer[]
  pages: string
}

/** What of a model the form shows. */
export const factsOf = (model: ModelName): ModelFacts => models[model]

const serverOf = (server: McpServer, at: number): FormServer => {
  const pairs = server.type === 'stdio' ? server.env : server.headers
  return {
    key: `stored-${at}`,
    type: server.type,
    name: server.name,
    permission: server.permission,
    tools: server.tools,
    command: server.type === 'stdio' ? server.command : '',
    args: server.type === 'stdio' ? server.args.join('\n') : '',
    url: server.type === 'http' ? server.url : '',
    pairs: pairs.map((pair, index) => ({ key: `stored-${index}`, ...pair })),
  }
}

function configFields(config: AgentConfig): Omit<FormDraft, 'name' | 'description' | 'tags' | 'avatar' | 'status' | 'sharing' | 'service'> {
  const { thinking } = config
  return {
    engine: config.engine,
    model: config.model,
    temperature: config.temperature === null ? '' : String(config.temperature),
    maxTokens: String(config.maxTokens),
    effort: config.effort ?? '',
    thinking: typeof thinking === 'number' ? 'budget' : thinking,
    thinkingTokens: typeof thinking === 'number' ? String(thinking) : '4096',
    instructions: config.instructions,
    tools: { ...defaultTools, ...config.tools },
    servers: config.mcpServers.map(serverOf),
    pages: config.pages.join('\n'),
  }
}

const blank: AgentConfig = agentDraftSchema.shape.config.parse({ model: 'claude-sonnet-5-5' })

/** What a new agent begins with: a template with its words, or nothing. */
export function newForm(template: AgentTemplate | null, words: { name: string; text: string }): FormDraft {
  const head = { status: 'active', sharing: 'private', service: '' } as const
  const { avatar, tags, config } = template ?? { avatar: '', tags: [] as string[], config: blank }
  return { ...head, ...configFields(config), name: words.name, description: words.text, avatar, tags: tags.join(', ') }
}

/** What a stored agent's form shows. */
export function formOf(agent: Agent): FormDraft {
  const { name, description, tags, avatar, status, sharing, service, config } = agent
  return {
    ...configFields(config ?? blank),
    ...{ name, description, avatar, sharing },
    tags: tags.join(', '),
    // A save puts right what errors in a row have put out of use.
    status: status === 'error' ? 'active' : status,
    service: service ?? '',
  }
}

const listed = (text: string, by: string | RegExp): string[] =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean)

/** The number a text stands for; what is none is kept as it is, so that the check refuses it. */
const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')))

/** What is sent of one MCP server. */
export function sentServer({ type, name, permission, tools, command, args, url, pairs }: FormServer) {
  const common = { name: name.trim(), permission, tools }
  const kept = pairs.map(({ name: pair, value }) => ({ name: pair.trim(), value }))
  if (type === 'stdio') return { type, ...common, command, args: listed(args, '\n'), env: kept }
  return { type, ...common, url: url.trim(), headers: kept }
}

function thinkingOf({ thinking, thinkingTokens, model }: FormDraft): number | 'on' | 'off' {
  const kind = factsOf(model).thinking
  if (thinking === 'on') return kind === 'adaptive' ? 'on' : 'off'
  return thinking === 'budget' && kind === 'budget' ? numberOf(thinkingTokens) : 'off'
}

/** What is sent of a form: of the model's settings those alone that it takes. */
export function sentOf(form: FormDraft): unknown {
  const facts = factsOf(form.model)
  const { name, description, avatar, status, sharing, engine, model, instructions, tools } = form
  return {
    ...{ name, description, avatar, status, sharing },
    tags: listed(form.tags, /[,\n]/),
    service: sharing === 'project' ? form.service || null : null,
    config: {
      ...{ engine, model, instructions, tools },
      temperature: facts.temperature && form.temperature.trim() !== '' ? numberOf(form.temperature) : null,
      maxTokens: numberOf(form.maxTokens),
      effort: form.effort && facts.efforts.includes(form.effort) ? form.effort : null,
      thinking: thinkingOf(form),
      mcpServers: form.servers.map(sentServer),
      pages: listed(form.pages, '\n'),
    },
  }
}

/** What is wrong with a field: the name of its sentence, and what the sentence has blanks for. */
export interface Problem {
  field: string
  problem: string
  values?: Record<string, number>
}

const byField: [RegExp, string][] = [
  [/\.mcpServers\.\d+\.name$/, 'mcpName'],
  [/\.(env|headers)\.\d+\.name$/, 'pair'],
  [/\.url$/, 'url'],
  [/\.temperature$/, 'temperature'],
  [/\.(maxTokens|thinking)$/, 'number'],
]

type Issue = { path: PropertyKey[]; code: string; message: string; minimum?: unknown; maximum?: unknown; input?: unknown }

function problemOf(issue: Issue): Problem {
  const field = issue.path.join('.')
  const page = /^config\.pages\.(\d+)$/.exec(field)
  if (page) return { field: 'config.pages', problem: 'page', values: { line: Number(page[1]) + 1 } }
  if (issue.code === 'too_small' && issue.minimum === 1 && !/tokens/i.test(field)) return { field, problem: 'missing' }
  const own = byField.find(([pattern]) => pattern.test(field))?.[1]
  if (own) return { field, problem: own }
  if (issue.code === 'too_big') return { field, problem: /^tags$|mcpServers$|pages$|args$/.test(field) ? 'tooMany' : 'tooLong' }
  return { field, problem: issue.code === 'custom' ? 'control' : 'invalid' }
}

/** What a form gets wrong, or what may be sent. */
export function checked(form: FormDraft): { draft: AgentDraft; problems: [] } | { draft: null; problems: Problem[] } {
  const parsed = agentDraftSchema.safeParse(sentOf(form))
  if (!parsed.success) return { draft: null, problems: parsed.error.issues.map((issue) => problemOf(issue as Issue)) }
  const { config, sharing, service } = parsed.data
  const most = { maxTokens: factsOf(config.model).maxOutputTokens, thinking: config.maxTokens - 1 } as Record<string, number>
  const problems: Problem[] = modelProblems(config).map(({ field, problem }) =>
    problem === 'notTaken'
      ? { field: `config.${field}`, problem: 'modelNotTaken' }
      : { field: `config.${field}`, problem: 'modelTooMany', values: { most: most[field] ?? 0 } },
  )
  if (sharing === 'project' && !service) problems.push({ field: 'service', problem: 'project' })
  return problems.length > 0 ? { draft: null, problems } : { draft: parsed.data, problems: [] }
}

/** Whether two forms say the same; the names of their rows are none of it. */
export const sameForm = (a: FormDraft, b: FormDraft): boolean => JSON.stringify(sentOf(a)) === JSON.stringify(sentOf(b))
