/** A smallest value that fits a JSON Schema: what the demo model answers where it knows no better. Recursion ends at a fixed depth. */
export function exampleOf(schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (schema === null || typeof schema !== 'object' || depth > 12) return null
  const one = schema as Record<string, unknown>
  if (typeof one.$ref === 'string') return exampleOf(resolve(root, one.$ref), root, depth + 1)
  if ('const' in one) return one.const
  if (Array.isArray(one.enum)) return one.enum[0]
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const options = one[key]
    if (Array.isArray(options)) return exampleOf(options[0], root, depth + 1)
  }
  const type = Array.isArray(one.type) ? one.type[0] : one.type
  if (type === 'object' || one.properties) {
    const required = new Set(Array.isArray(one.required) ? (one.required as string[]) : [])
    const entries = Object.entries((one.properties ?? {}) as Record<string, unknown>).filter(([name]) => required.has(name))
    return Object.fromEntries(entries.map(([name, inner]) => [name, exampleOf(inner, root, depth + 1)]))
  }
  if (type === 'array') return typeof one.minItems === 'number' && one.minItems > 0 ? [exampleOf(one.items, root, depth + 1)] : []
  if (type === 'integer' || type === 'number') return typeof one.minimum === 'number' ? one.minimum : 0
  if (type === 'boolean') return false
  if (type === 'null') return null
  return stringOf(one.format)
}

function stringOf(format: unknown): string {
  const formats: Record<string, string> = {
    date: '2026-01-01',
    'date-time': '2026-01-01T00:00:00Z',
    time: '00:00:00Z',
    email: 'demo@example.com',
    uri: 'https://example.com/',
    uuid: '00000000-0000-4000-8000-000000000000',
    hostname: 'example.com',
    ipv4: '192.0.2.1',
    ipv6: '2001:db8::1',
    duration: 'PT0S',
  }
  return formats[String(format)] ?? 'demo model'
}

function resolve(root: unknown, ref: string): unknown {
  let at: unknown = root
  for (const part of ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '')) {
    at = (at as Record<string, unknown> | null)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return at
}
