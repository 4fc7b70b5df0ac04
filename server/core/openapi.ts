import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AnyTRPCRouter } from '@trpc/server'
import { sessionCookieName } from './credentials.ts'
import { baseUrl } from './env.ts'
import { errorResponses, errorSchema } from './openapi-errors.ts'
import { exampleOf, type JsonSchema } from './openapi-example.ts'
import { rawPaths } from './openapi-raw.ts'
import type { ApiDocument, Body, Operation, Parameter } from './openapi-types.ts'
import { projectRoot } from './paths.ts'
import { idempotencyHeader } from './rest-input.ts'
import { type RestRoute, restRoutes } from './rest-routes.ts'

/** The statuses that an operation may be refused with. */
function refusals({ access, mutation, method, fields, path }: RestRoute): number[] {
  const body = method !== 'GET' && method !== 'DELETE'
  const found = [
    ...(Object.keys(fields).length > 0 || body ? [400] : []),
    ...(access === 'public' ? [] : [401, 403]),
    ...(path.includes('{') ? [404] : []),
    ...(mutation ? [409, 429] : []),
    ...(body ? [413, 415] : []),
    500,
  ]
  return found.sort((a, b) => a - b)
}

const capital = (tag: string) => tag.charAt(0).toUpperCase() + tag.slice(1)

/** How a caller may be known, by the gate that stands before the procedure. */
function securityOf(access: RestRoute['access'], scope: string): Record<string, string[]>[] {
  if (access === 'public') return []
  if (access === 'session') return [{ session: [] }]
  const known: Record<string, string[]>[] = [{ session: [] }, { token: [scope] }]
  return access === 'reader' ? [...known, {}] : known
}

const scopeOf = ({ access, mutation }: RestRoute) => (access === 'admin' ? 'admin' : mutation ? 'write' : 'read')
const repeatable: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'A UUID that stands for `requestId`: the same one again makes nothing new. Without either, each request is a new one.',
  schema: { type: 'string', format: 'uuid' },
}

function documented(operation: Operation, route: RestRoute, schemas: Record<string, JsonSchema>): Operation {
  const done = operation.responses['200'] as Body
  const json = done.content?.['application/json']
  if (json) json.example = exampleOf(json.schema ?? {}, schemas)
  const body = operation.requestBody?.content?.['application/json']
  if (body) body.example = exampleOf(body.schema ?? {}, schemas)
  const parameters = (operation.parameters ?? []).map((one) => ({ ...one, example: exampleOf(one.schema ?? {}, schemas, one.name) }))
  const withId = route.mutation && 'requestId' in route.fields
  if (withId && body?.schema?.required) body.schema.required = body.schema.required.filter((name) => name !== 'requestId')
  const errors = refusals(route).map((status) => [status, { $ref: `#/components/responses/E${status}` }])
  return {
    ...operation,
    tags: operation.tags?.map(capital),
    security: securityOf(route.access, scopeOf(route)),
    ...(route.access !== 'public' && { 'x-scope': scopeOf(route) }),
    'x-access': route.access,
    parameters: withId ? [...parameters, repeatable] : parameters,
    responses: { 200: { ...done, headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } } }, ...Object.fromEntries(errors) },
  }
}

const about = `Every procedure of Maestro, for programs. Send an API token of your account as \`Authorization: Bearer mst_…\`; a browser's session cookie works
too, where the request names an Origin of this server. Bodies are JSON; dates are RFC 3339 in UTC; success answers the plain result, a refusal always
\`{"success": false, "error_code", "message", "details"}\`. Every answer carries X-Request-Id. A request that makes something takes an
\`${idempotencyHeader}\` header.`

const version = () => (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version

async function make(router: AnyTRPCRouter): Promise<ApiDocument> {
  // Only who asks for the document needs the library, which brings adapters for many servers.
  const { generateOpenApiDocument } = await import('trpc-to-openapi')
  const info = { title: 'Maestro', version: version(), description: about, baseUrl: baseUrl() }
  const securitySchemes = {
    token: { type: 'http', scheme: 'bearer', bearerFormat: 'mst_…', description: 'An API token from the account page.' },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: sessionCookieName(baseUrl().startsWith('https:')),
      description: 'The session of a browser that is signed in.',
    },
  } as const
  const generated = generateOpenApiDocument(router as never, { ...info, securitySchemes })
  const document = JSON.parse(JSON.stringify(generated)) as ApiDocument
  const schemas = Object.fromEntries(Object.entries(document.components.schemas ?? {}).filter(([name]) => !name.startsWith('error.')))
  const paths: ApiDocument['paths'] = {}
  for (const route of restRoutes(router)) {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()]
    if (!operation) throw new Error(`${route.procedure} is not documented`)
    const place = `/api/rest${route.path}`
    paths[place] = { ...paths[place], [route.method.toLowerCase()]: documented(operation, route, schemas) }
  }
  const all = { ...paths, ...rawPaths() }
  const tags = [...new Set(Object.values(all).flatMap((item) => Object.values(item).flatMap((operation) => operation.tags ?? [])))]
  const headers = { RequestId: { description: 'Names this request in the server’s logs.', schema: { type: 'string', format: 'uuid' } } }
  const components = { ...document.components, schemas: { ...schemas, Error: errorSchema }, responses: errorResponses(), headers }
  return { ...document, tags: tags.map((name) => ({ name })), paths: all, components }
}

let made: Promise<ApiDocument> | undefined

/** The document of all REST addresses; made once, since neither the router nor the base address changes while a process lives. */
export function apiDocumentOf(router: AnyTRPCRouter): Promise<ApiDocument> {
  made ??= make(router)
  return made
}
