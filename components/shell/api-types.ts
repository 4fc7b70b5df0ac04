import type { ApiEntry, ApiParameter, ApiSchema, ApiSchemas } from './api-document.ts'

const unbounded = Number.MAX_SAFE_INTEGER
const range = (from: number | undefined, to: number | undefined) => {
  const [low, high] = [from !== undefined && from > -unbounded ? from : undefined, to !== undefined && to < unbounded ? to : undefined]
  return low === undefined && high === undefined ? null : `${low ?? ''}…${high ?? ''}`
}

/** What a schema says beside its type, in few signs; of what may be null, what the other says. */
export function noteOf(schema: ApiSchema): string {
  const { format, minimum, maximum, minLength, maxLength, default: fallback, description, anyOf } = schema
  const value = anyOf?.length === 2 ? anyOf.find(({ type }) => type !== 'null') : undefined
  if (value) return [noteOf(value), description].filter(Boolean).join(', ')
  const length = range(minLength, maxLength)
  const parts = [format, range(minimum, maximum), length && `length ${length}`, fallback !== undefined && `= ${JSON.stringify(fallback)}`]
  return [...parts, description].filter(Boolean).join(', ')
}

function objectText({ properties = {}, required = [], additionalProperties }: ApiSchema, schemas: ApiSchemas, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, one]) => {
    const note = noteOf(one)
    return `${inner}${name}${required.includes(name) ? '' : '?'}: ${typeText(one, schemas, inner)}${note && `  // ${note}`}`
  })
  if (typeof additionalProperties === 'object') lines.push(`${inner}[name]: ${typeText(additionalProperties, schemas, inner)}`)
  return lines.length > 0 ? `{\n${lines.join('\n')}\n${indent}}` : '{}'
}

/** A schema as people who write programs read types. */
export function typeText(schema: ApiSchema, schemas: ApiSchemas = {}, indent = ''): string {
  // Only what refers to itself goes this deep.
  if (indent.length > 24) return '…'
  const many = (some: readonly ApiSchema[], sign: string) => some.map((one) => typeText(one, schemas, indent)).join(sign)
  if (schema.$ref) return typeText(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas, indent)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return many(choices, ' | ')
  if (schema.allOf) return many(schema.allOf, ' & ')
  if (Array.isArray(schema.type))
    return many(
      schema.type.map((type) => ({ ...schema, type })),
      ' | ',
    )
  if (schema.type === 'array') {
    const items = typeText(schema.items ?? {}, schemas, indent)
    return / [|&] /.test(items) && !items.startsWith('{') ? `(${items})[]` : `${items}[]`
  }
  if (schema.type === 'object' || schema.properties) return objectText(schema, schemas, indent)
  return schema.type ?? 'any'
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

function address(path: string, parameters: readonly ApiParameter[]): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (blank, name: string) => {
    const example = parameters.find((one) => one.in === 'path' && one.name === name)?.example
    return example === undefined ? blank : encodeURIComponent(String(example))
  })
  const query = new URLSearchParams()
  for (const { name, required, example, ...one } of parameters) if (one.in === 'query' && required) query.set(name, String(example ?? ''))
  return query.size > 0 ? `${filled}?${query}` : filled
}

/** The command that asks for an operation; null where only a browser's session may. */
export function curlOf({ method, path, operation }: ApiEntry, server: string): string | null {
  const access = operation['x-access']
  if (access === 'session') return null
  const lines = [`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(server + address(path, operation.parameters ?? []))}`]
  if (access !== 'public') lines.push('-H "Authorization: Bearer $MAESTRO_TOKEN"')
  const body = operation.requestBody?.content?.['application/json']?.example
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body, null, 2))}`)
  return lines.join(' \\\n  ')
}
