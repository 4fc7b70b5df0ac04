/** A JSON Schema, as far as it is shown. */
export interface ApiSchema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  default?: unknown
  format?: string
  description?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  items?: ApiSchema
  properties?: Record<string, ApiSchema>
  required?: string[]
  additionalProperties?: boolean | ApiSchema
  anyOf?: ApiSchema[]
  oneOf?: ApiSchema[]
  allOf?: ApiSchema[]
}
export type ApiSchemas = Record<string, ApiSchema>

export interface ApiParameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema?: ApiSchema
  example?: unknown
}
interface Body {
  description?: string
  content?: Record<string, { schema?: ApiSchema; example?: unknown }>
}
export const accesses = ['public', 'reader', 'user', 'session', 'beta', 'viewer', 'maintainer', 'owner', 'admin'] as const

/** One address and method of the document, as far as it is shown. */
export interface ApiOperation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: ApiParameter[]
  requestBody?: Body
  responses: Record<string, Body | { $ref: string }>
  'x-access'?: (typeof accesses)[number]
  'x-scope'?: string
}
/** The OpenAPI document, as far as it is shown. */
export interface ApiDocument {
  info: { version: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, ApiOperation>>
  components: { schemas?: ApiSchemas }
}

/** An operation with its address. */
export interface ApiEntry {
  method: string
  path: string
  operation: ApiOperation
  /** All that it can be found by, in lower case. */
  words: string
}

/** The operations by group, each group in the order of its addresses. */
export function byTag({ paths }: ApiDocument): [tag: string, entries: ApiEntry[]][] {
  const groups = new Map<string, ApiEntry[]>()
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? ''
      const words = [method, path, operation.summary, tag, operation.operationId].join(' ').toLowerCase()
      groups.set(tag, [...(groups.get(tag) ?? []), { method: method.toUpperCase(), path, operation, words }])
    }
  }
  const collate = (a: string, b: string) => a.localeCompare(b, 'en')
  for (const entries of groups.values()) entries.sort((a, b) => collate(a.path, b.path))
  return [...groups].sort(([a], [b]) => collate(a, b))
}

/** Whether everything that was typed stands among an entry's words. */
export const matches = (words: string, typed: string): boolean =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.includes(part))
