import { createHash } from 'node:crypto'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { type McpResult, mcpBounds } from './types.ts'

// Unseen characters, and those that turn the direction of what follows: words that a person cannot see are for nobody.
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
const nameLength = 64

/** Words of a server on one line, bounded, without what cannot be seen. */
export function cleanWords(text: unknown, most: number): string {
  if (typeof text !== 'string') return ''
  const plain = stripVTControlCharacters(text.slice(0, most * 4))
    .replace(/[\t\n\r]+/g, ' ')
    .replace(unseen, '')
    .trim()
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain
}

/** The name by which the model calls a tool; what the model's API does not take is put in other characters. Null where nothing is left. */
export function toolName(server: string, tool: string): string | null {
  const prefix = `mcp__${server}__`
  const plain = tool.slice(0, 500).replace(/[^a-zA-Z0-9_-]/g, '_')
  if (!/[a-zA-Z0-9]/.test(plain)) return null
  if (prefix.length + plain.length <= nameLength && tool.length <= 500) return prefix + plain
  const digest = createHash('sha256').update(tool).digest('hex').slice(0, 8)
  return `${prefix}${plain.slice(0, nameLength - prefix.length - 9)}_${digest}`
}

const keyPattern = /^[a-zA-Z0-9_.-]{1,64}$/
const maps = ['properties', '$defs', 'definitions']
/** Parts of a schema that say nothing to a model, or lead elsewhere. */
const dropped = new Set(['$schema', '$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$comment', '$vocabulary', 'examples', '__proto__'])

function cleanSchema(value: unknown, depth: number): unknown {
  if (depth > 12) return {}
  if (Array.isArray(value)) return value.slice(0, 200).map((item) => cleanSchema(item, depth + 1))
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? cleanWords(value, 500) : value
  const entries = Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
    if (dropped.has(key) || (key === '$ref' && !(typeof part === 'string' && part.startsWith('#')))) return []
    if (!maps.includes(key) || part === null || typeof part !== 'object' || Array.isArray(part))
      return [[key, cleanSchema(part, depth + 1)]]
    const named = Object.entries(part).filter(([name]) => keyPattern.test(name) && name !== '__proto__')
    return [[key, Object.fromEntries(named.map(([name, one]) => [name, cleanSchema(one, depth + 1)]))]]
  })
  return Object.fromEntries(entries)
}

/** A tool's schema as the model's API takes it: of an object, bounded, without references to elsewhere. */
export function inputSchemaOf(schema: unknown): Record<string, unknown> {
  const open = { type: 'object', additionalProperties: true }
  const parsed = z.record(z.string(), z.unknown()).safeParse(schema)
  if (!parsed.success || JSON.stringify(parsed.data).length > mcpBounds.schemaCharacters) return open
  const { oneOf: _one, anyOf: _any, allOf: _all, ...rest } = cleanSchema(parsed.data, 0) as Record<string, unknown>
  const properties =
    rest.properties !== null && typeof rest.properties === 'object' && !Array.isArray(rest.properties) ? rest.properties : {}
  const required = Array.isArray(rest.required)
    ? rest.required.filter((name) => typeof name === 'string' && Object.hasOwn(properties, name))
    : []
  return { ...rest, type: 'object', properties, required }
}

const contentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.enum(['image', 'audio']), data: z.string(), mimeType: z.string() }),
  z.object({ type: z.literal('resource'), resource: z.object({ uri: z.string(), text: z.string().optional() }) }),
  z.object({ type: z.literal('resource_link'), uri: z.string(), name: z.string().optional() }),
])

function wordsOf(item: unknown): string {
  const parsed = contentSchema.safeParse(item)
  if (!parsed.success) return '[something that cannot be shown]'
  const { data } = parsed
  if (data.type === 'text') return data.text
  if (data.type === 'resource') return data.resource.text ?? `[${cleanWords(data.resource.uri, 300)}]`
  if (data.type === 'resource_link') return `[${cleanWords(data.name ?? '', 100)} ${cleanWords(data.uri, 300)}]`
  return `[${data.type} (${cleanWords(data.mimeType, 50)}), left out]`
}

/** What a call gave, as text. */
export function resultOf({
  content,
  structuredContent,
  isError,
}: {
  content?: unknown
  structuredContent?: unknown
  isError?: unknown
}): McpResult {
  const items = Array.isArray(content) ? content.slice(0, 200).map(wordsOf) : []
  const text = items.length === 0 && structuredContent !== undefined ? JSON.stringify(structuredContent) : items.join('\n')
  const plain = stripVTControlCharacters(text.slice(0, mcpBounds.resultCharacters))
  const cut = text.length > mcpBounds.resultCharacters ? `${plain}\n[cut off]` : plain
  return { output: cut || '[The tool gave nothing.]', ...(isError === true && { isError: true }) }
}
