import type { AnyTRPCRouter } from '@trpc/server'
import type { OpenApiMeta, OpenApiMethod } from 'trpc-to-openapi'
import type { z } from 'zod'
import { fieldsOf } from './rest-input.ts'
import type { Access } from './trpc.ts'

/** One procedure as a REST address. */
export interface RestRoute {
  method: OpenApiMethod
  /** The address below `/api/rest`, with `{names}` where the input's fields stand. */
  path: `/${string}`
  segments: readonly string[]
  /** The procedure's name in the router, with dots. */
  procedure: string
  mutation: boolean
  /** Whom the gate lets in; everybody where none stands before the procedure. */
  access: Access | 'public'
  /** The input's fields by name. */
  fields: Record<string, z.core.$ZodType>
}

interface ProcedureDefinition {
  type: 'query' | 'mutation' | 'subscription'
  inputs: z.core.$ZodType[]
  meta?: OpenApiMeta<{ access?: Access }>
}

const pathSegments = (path: string) => path.split('/').slice(1)
const parameter = (segment: string) => /^\{(\w+)\}$/.exec(segment)?.[1]

/** Every procedure of a router that names a REST twin. */
export function restRoutes(router: AnyTRPCRouter): RestRoute[] {
  const procedures = Object.entries(router._def.procedures as Record<string, { _def: ProcedureDefinition }>)
  return procedures.flatMap(([procedure, { _def }]) => {
    const openapi = _def.meta?.openapi
    if (!openapi) return []
    const { method, path } = openapi
    const access: RestRoute['access'] = _def.meta?.access ?? 'public'
    const route = { method, path, segments: pathSegments(path), procedure, mutation: _def.type === 'mutation', access }
    return [{ ...route, fields: fieldsOf(_def.inputs) }]
  })
}

/** The fields that an address carries, or null where it is not of this route. */
function match(route: RestRoute, segments: readonly string[]): Record<string, string> | null {
  if (route.segments.length !== segments.length) return null
  const found: Record<string, string> = {}
  for (const [index, segment] of route.segments.entries()) {
    const given = segments[index] ?? ''
    const name = parameter(segment)
    if (name && given) found[name] = given
    else if (segment !== given) return null
  }
  return found
}

/** Segments of an address below `/api/rest`, or null where one of them cannot be read. */
function decoded(path: string): string[] | null {
  try {
    return pathSegments(path).map(decodeURIComponent)
  } catch {
    return null
  }
}

const parameters = (route: RestRoute) => route.segments.filter((segment) => parameter(segment)).length

/** The route of a request with what its address says, and the methods that this address answers to: none where there is no such address. */
export function findRoute(routes: readonly RestRoute[], method: string, path: string) {
  const segments = decoded(path)
  const matching = routes
    .flatMap((route) => {
      const given = segments && match(route, segments)
      return given ? [{ route, given }] : []
    })
    // An address that is written out goes before one with a blank in its place.
    .sort((a, b) => parameters(a.route) - parameters(b.route))
  const methods = new Set<string>(matching.map(({ route }) => route.method))
  const allow = methods.size === 0 ? [] : [...methods, ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS']
  const wanted = method === 'HEAD' ? 'GET' : method
  return { found: matching.find(({ route }) => route.method === wanted), allow }
}
