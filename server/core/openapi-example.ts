/** A JSON Schema, as far as it is read here. */
export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  default?: unknown
  example?: unknown
  examples?: unknown[]
  format?: string
  pattern?: string
  description?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  [keyword: string]: unknown
}

/** What stands in examples under a name, wherever its schema takes such a value. */
const named: Record<string, unknown> = {
  service: 'bookmarks',
  number: 12,
  build: 12,
  streamId: '0192f0c1-7d7e-7000-8000-000000000001',
  email: 'minji@example.com',
  url: 'https://example.com/',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  mediaType: 'text/markdown',
  title: 'A page for bookmarks',
  body: 'People save links with a title and tags, and find them again.',
  name: 'bookmarks',
  company: 'Example Ltd',
  purpose: 'A service that keeps our bookmarks, with tags and a search.',
  message: 'It works well for us.',
  page: '/dashboard',
  screenshot: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  locale: 'en',
  theme: 'system',
}
const formats: Record<string, string> = {
  uuid: '0192f0c1-7d7e-7000-8000-000000000000',
  'date-time': '2026-08-01T09:30:00.000Z',
  date: '2026-08-01',
  email: 'minji@example.com',
  uri: 'https://example.com/',
}

const typeOf = ({ type, properties }: JsonSchema) =>
  (Array.isArray(type) ? type.find((one) => one !== 'null') : type) ?? (properties && 'object')

/** Whether a value is one that the simple parts of a schema allow. */
function fits(value: unknown, schema: JsonSchema): boolean {
  if (typeof value === 'number') return ['number', 'integer'].includes(typeOf(schema) ?? '')
  if (typeof value !== 'string' || typeOf(schema) !== 'string') return false
  const [{ minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format }, enumerated] = [schema, schema.enum]
  if (enumerated) return enumerated.includes(value)
  if (value.length < minLength || value.length > maxLength || (format === 'uuid' && !value.startsWith('0192'))) return false
  return pattern === undefined || new RegExp(pattern, 'u').test(value)
}

function text({ format, minLength = 0, maxLength = 60 }: JsonSchema, name: string): string {
  const words = format ? (formats[format] ?? '') : name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return format ? words : words.padEnd(minLength, ' …').slice(0, maxLength)
}

/** An example of what a schema describes, of the same shape each time; `name` is that of the field it stands in. */
export function exampleOf(schema: JsonSchema, schemas: Record<string, JsonSchema>, name = 'text', depth = 0): unknown {
  if (schema.$ref) return depth > 8 ? null : exampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas, name, depth + 1)
  if (schema.example !== undefined) return schema.example
  if (schema.examples?.length) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (Object.hasOwn(named, name) && fits(named[name], schema)) return named[name]
  if (schema.enum?.length) return schema.enum[0]
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  const chosen = choices?.find(({ type }) => type !== 'null')
  if (chosen) return exampleOf(chosen, schemas, name, depth + 1)
  if (schema.default !== undefined) return schema.default
  switch (typeOf(schema)) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, one]) => [key, exampleOf(one, schemas, key, depth + 1)]))
    case 'array':
      return depth > 8 ? [] : [exampleOf(schema.items ?? {}, schemas, name, depth + 1)]
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, Math.min(1, schema.maximum ?? 1))
    case 'boolean':
      return true
    case 'string':
      return text(schema, name)
    default:
      return null
  }
}
