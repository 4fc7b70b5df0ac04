import { asciiWords, identifier, isPlural, singular } from './words.ts'

/** The addresses an issue names: `GET /api/notes?label=red`, `/api/lists/:id/notes`. */

export interface ReadRoute {
  method: string | null
  /** Path parts without `api`; parameters as `:`. */
  parts: string[]
  /** The path as written, without its query. */
  path: string
  query: { param: string; value?: string }[]
}

const address = /(?:\b(GET|POST|PUT|PATCH|DELETE)\s+)?(\/[\w:.{}<>~/-]{1,200})(\?[\w=&%+.~:{}<>-]{1,200})?/g

/** Every address of a text; without a method it counts only when it starts with `/api/`. */
export function readRoutes(text: string): ReadRoute[] {
  const found: ReadRoute[] = []
  for (const [, method = null, rawPath = '', rawQuery = ''] of text.matchAll(address)) {
    const path = rawPath.replace(/[./]+$/, '')
    if (!method && !path.startsWith('/api/')) continue
    const parts = path.split('/').filter((part) => part !== '' && part !== 'api' && !/^v\d$/.test(part))
    const query = rawQuery
      .slice(1)
      .split('&')
      .map((pair) => pair.split('='))
      .filter(([param]) => param !== undefined && /^\w+$/.test(param))
      .map(([param = '', value]) => ({ param, ...(value && /^[\p{L}\p{N}%+._ -]+$/u.test(value) ? { value: decode(value) } : {}) }))
    if (parts.length > 0) found.push({ method, parts: parts.map((part) => (/^[:{<]/.test(part) ? ':' : part)), path, query })
  }
  return found
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replace(/\+/g, ' '))
  } catch {
    return value
  }
}

export interface RouteThing {
  name: string
  plural: string
  /** `/api/` or `/`, as the issue writes it. */
  base: string
  parent: string | null
}

/** Plural path parts are collections; one after another's parameter is its child. */
export function collections(routes: ReadRoute[]): RouteThing[] {
  const things = new Map<string, RouteThing>()
  for (const route of routes) {
    let parent: string | null = null
    route.parts.forEach((part, index) => {
      if (part === ':') return
      const words = asciiWords(part)
      const last = words.at(-1) ?? ''
      const collection = isPlural(last) || (index === 0 && (route.method === 'POST' || route.parts[1] === ':' || route.query.length > 0))
      if (!collection || (index > 0 && route.parts[index - 1] !== ':')) return
      const plural = identifier(words, 'records')
      const name = identifier([...words.slice(0, -1), singular(last)], 'record')
      if (!things.has(name)) things.set(name, { name, plural, base: route.path.startsWith('/api/') ? '/api/' : '/', parent })
      parent = name
    })
  }
  return [...things.values()]
}

/** `/api/lists/:id/report` -> report below list; null where the last part is a collection. */
export function subPaths(routes: ReadRoute[]): { of: string; path: string }[] {
  const known = new Set(collections(routes).map(({ plural }) => plural))
  return routes.flatMap(({ parts }) => {
    const [first, parameter, path] = parts
    if (parts.length !== 3 || parameter !== ':' || !first || !path || path === ':') return []
    if (known.has(identifier(asciiWords(path), ''))) return []
    const words = asciiWords(first)
    return [{ of: identifier([...words.slice(0, -1), singular(words.at(-1) ?? '')], 'record'), path }]
  })
}
