import { structuredPatch } from 'diff'
import {
  type AgentConfig,
  type AgentDifference,
  type AgentDraft,
  type McpServer,
  maskedValue,
  type Permission,
  type Sharing,
  toolNames,
} from './schema.ts'

/** What one version of an agent holds. Its status is none of it: an agent is paused and resumed without a new version. */
export interface Snapshot {
  name: string
  description: string
  tags: string[]
  avatar: string
  sharing: Sharing
  /** The service name of the project it is shared with. */
  service: string | null
  config: AgentConfig
}

/** The versioned part of what a person wrote. A tag counts once, and a service only where there is one to share with. */
export const snapshotOf = ({ name, description, tags, avatar, sharing, service, config }: AgentDraft): Snapshot => ({
  name,
  description,
  tags: [...new Set(tags)],
  avatar,
  sharing,
  service: sharing === 'project' ? service : null,
  config,
})

type Pair = { name: string; value: string }
const pairsOf = (server: McpServer): Pair[] => (server.type === 'stdio' ? server.env : server.headers)
const withPairs = (server: McpServer, pairs: Pair[]): McpServer =>
  server.type === 'stdio' ? { ...server, env: pairs } : { ...server, headers: pairs }
const masked = ({ name, value }: Pair): Pair => ({ name, value: value === '' ? '' : maskedValue })

/** A configuration as its owner's form gets it: no secret of an MCP server leaves the server again. */
export const maskedConfig = (config: AgentConfig): AgentConfig => ({
  ...config,
  mcpServers: config.mcpServers.map((server) => withPairs(server, pairsOf(server).map(masked))),
})

const asked = (permission: Permission): Permission => (permission === 'allowed' ? 'ask' : permission)

/** A server as another person's run gets it. */
function serverForOthers(server: McpServer): McpServer {
  if (server.type === 'stdio') return { ...server, env: [] }
  const tools = Object.fromEntries(Object.entries(server.tools).map(([name, permission]) => [name, asked(permission)]))
  return { ...server, permission: asked(server.permission), tools }
}

/**
 * A configuration as another person's run gets it. Programs start in the folder of whoever talks to the agent, who could put one of their own in
 * their place: what the owner wrote into their environment is not told there. And what that person's files, projects and words tell leaves for
 * places of the owner's choice only where they say so themselves.
 */
export const configForOthers = (config: AgentConfig): AgentConfig => ({
  ...config,
  tools: { ...config.tools, ...(config.tools.fetch_page ? { fetch_page: asked(config.tools.fetch_page) } : {}) },
  mcpServers: config.mcpServers.map(serverForOthers),
})

/** Where a server's secrets go: a stored one is kept only for the same place, or whoever may edit could have it sent to themselves. */
function placeOf(server: McpServer): string {
  if (server.type === 'stdio') return JSON.stringify(['stdio', server.command, server.args])
  return JSON.stringify(['http', new URL(server.url).origin])
}

/** Puts stored secrets back where a form left their mask; `missing` names the first field whose secret has to be entered again. */
export function withSecrets(config: AgentConfig, stored: AgentConfig | null): { config: AgentConfig; missing: string | null } {
  let missing: string | null = null
  const mcpServers = config.mcpServers.map((server, at) => {
    const before = stored?.mcpServers.filter((one) => placeOf(one) === placeOf(server)) ?? []
    const known = before.find(({ name }) => name === server.name) ?? before[0]
    const pairs = pairsOf(server).map((pair, index) => {
      if (pair.value !== maskedValue) return pair
      const old = known && pairsOf(known).find(({ name }) => name === pair.name)
      const list = server.type === 'stdio' ? 'env' : 'headers'
      if (!old) missing ??= `config.mcpServers.${at}.${list}.${index}.value`
      return old ?? pair
    })
    return withPairs(server, pairs)
  })
  return { config: { ...config, mcpServers }, missing }
}

/** The place of the second of two MCP servers that have one name; null where each has its own. */
export function doubledServer({ mcpServers }: AgentConfig): number | null {
  const at = mcpServers.findIndex(({ name }, index) => mcpServers.findIndex((other) => other.name === name) < index)
  return at < 0 ? null : at
}

/** JSON with sorted keys: the same value is the same text, whatever order it was written in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** Whether two versions say the same. */
export const sameSnapshot = (a: Snapshot, b: Snapshot): boolean => canonical(a) === canonical(b)

/** The hunks of a unified difference of two texts; empty where they are the same. */
function hunksOf(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 3 })
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) =>
      [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines].join('\n'),
    )
    .join('\n')
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))
const list = (values: readonly string[]): string => values.join('\n')

/** All that a version says, field by field, as text; secrets are masked. */
function fieldsOf({ config, ...head }: Snapshot): Map<string, string> {
  const { tools, mcpServers, pages, instructions, ...rest } = config
  const fields = new Map<string, string>([
    ['name', head.name],
    ['description', head.description],
    ['tags', list(head.tags)],
    ['avatar', head.avatar],
    ['sharing', head.sharing],
    ['service', text(head.service)],
    ['config.instructions', instructions],
    ...Object.entries(rest).map(([name, value]): [string, string] => [`config.${name}`, text(value)]),
    ...toolNames.map((name): [string, string] => [`config.tools.${name}`, text(tools[name])]),
    ['config.pages', list(pages)],
  ])
  for (const server of maskedConfig(config).mcpServers) fields.set(`config.mcpServers.${server.name}`, JSON.stringify(server, null, 2))
  return fields
}

function secretsOf({ config }: Snapshot, field: string): string {
  const server = config.mcpServers.find(({ name }) => field === `config.mcpServers.${name}`)
  return server ? canonical(pairsOf(server)) : ''
}

/** What the second version says otherwise than the first. */
export function differenceOf(before: Snapshot, after: Snapshot): AgentDifference['fields'] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((field) => {
    const [a, b] = [old.get(field) ?? '', fresh.get(field) ?? '']
    const secrets = secretsOf(before, field) !== secretsOf(after, field)
    if (a === b && !secrets) return []
    const patch = a !== b && (a.includes('\n') || b.includes('\n') || field === 'config.instructions') ? hunksOf(a, b) : null
    return [{ field, before: patch === null ? a : '', after: patch === null ? b : '', patch, secrets }]
  })
}
