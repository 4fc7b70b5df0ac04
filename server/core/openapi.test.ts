import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { GET } from '@/app/api/openapi.json/route.ts'
import { apiDocument } from '@/server/caller.ts'
import { appRouter } from '@/server/router.ts'
import type { JsonSchema } from './openapi-example.ts'
import type { ApiDocument, Body, Operation } from './openapi-types.ts'
import { restRoutes } from './rest-routes.ts'

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: string; inputs: z.ZodType[]; meta?: { openapi?: unknown } } }
>
const routes = restRoutes(appRouter)
let document: ApiDocument
const operationOf = ({ path, method }: { path: string; method: string }): Operation | undefined =>
  document.paths[`/api/rest${path}`]?.[method.toLowerCase()]

beforeAll(async () => {
  document = await apiDocument()
})

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(JSON.parse(JSON.stringify(document)))
  expect(result.errors ?? []).toEqual([])
  expect([result.valid, validator.version]).toEqual([true, '3.1'])
})

test('every procedure has a REST twin, and each twin an address of its own', () => {
  expect(Object.keys(procedures).filter((name) => !procedures[name]?._def.meta?.openapi)).toEqual([])
  expect(routes.map(({ procedure }) => procedure).sort()).toEqual(Object.keys(procedures).sort())
  const addresses = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`)
  expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([])
})

test('what reads is a GET and changes nothing; what changes is never a GET', () => {
  expect(routes.filter(({ method, mutation }) => (method === 'GET') === mutation).map(({ procedure }) => procedure)).toEqual([])
})

test('each is documented with a summary, a group, who may call it and every status it has', () => {
  for (const route of routes) {
    const operation = operationOf(route)
    expect(operation, route.procedure).toMatchObject({
      summary: expect.stringMatching(/\p{L}/u),
      tags: [expect.any(String)],
      'x-access': route.access,
    })
    const open = route.access === 'public' || route.access === 'reader'
    expect([
      route.procedure,
      operation?.security?.length === 0 || operation?.security?.some((way) => Object.keys(way).length === 0),
    ]).toEqual([route.procedure, open])
    const statuses = Object.keys(operation?.responses ?? {})
    expect(statuses).toEqual(expect.arrayContaining(['200', '500', ...(route.access === 'public' ? [] : ['401', '403'])]))
  }
})

/** Every `$ref` below a value. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => (key === '$ref' && typeof one === 'string' ? [one] : references(one)))
}

test('every reference leads somewhere', () => {
  const broken = references(document).filter(
    (ref) =>
      ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document) === undefined,
  )
  expect(broken).toEqual([])
})

test('what the examples send is what the procedures take', () => {
  const refused: string[] = []
  for (const route of routes) {
    const operation = operationOf(route)
    const given = Object.fromEntries(
      (operation?.parameters ?? []).filter((one) => one.in !== 'header').map(({ name, example }) => [name, example]),
    )
    const body = operation?.requestBody?.content?.['application/json']?.example as Record<string, unknown> | undefined
    const input = { ...body, ...given }
    for (const schema of procedures[route.procedure]?._def.inputs ?? []) {
      const { error } = schema.safeParse(input)
      if (error) refused.push(`${route.procedure}: ${JSON.stringify(input)} ${error.message}`)
    }
  }
  // Where it is not, the schema says an example of its own: `.meta({ example })`.
  expect(refused).toEqual([])
})

test('every success shows an example, with all the fields that are always there', () => {
  const poor = routes.filter((route) => {
    const json = (operationOf(route)?.responses['200'] as Body | undefined)?.content?.['application/json']
    const required = (json?.schema as JsonSchema | undefined)?.required ?? []
    return !json || required.some((name) => !Object.hasOwn(Object(json.example), name))
  })
  expect(poor.map(({ procedure }) => procedure)).toEqual([])
})

test('it is served as JSON, and not again to whoever has it', async () => {
  const ask = (headers = {}) => GET(new Request('http://localhost:3000/api/openapi.json', { headers }))
  const first = await ask()
  expect(first.headers.get('content-type')).toContain('application/json')
  expect(await first.json()).toEqual(JSON.parse(JSON.stringify(document)))
  const etag = first.headers.get('etag') ?? ''
  const second = await ask({ 'if-none-match': `"other", W/${etag}` })
  expect([second.status, await second.text(), second.headers.get('etag')]).toEqual([304, '', etag])
  expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200)
})

test('it tells its version and address, and the downloads and the sign-in that are no procedures', () => {
  expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/)
  expect(document.servers).toEqual([{ url: 'http://localhost:3000' }])
  const raw = [
    '/api/auth/google',
    '/api/account/export',
    '/api/audit',
    '/api/console/{service}/{number}',
    '/api/artifacts/{service}/{number}/{name}',
  ]
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(raw))
})
