import { randomUUID } from 'node:crypto'
import type { AnyTRPCRouter } from '@trpc/server'
import type { HeadersLike } from './credentials.ts'
import { baseUrl } from './env.ts'
import { AppError } from './errors.ts'
import type { Caller } from './gates.ts'
import { ownOrigins } from './http.ts'
import { HttpError, refusalOf } from './rest.ts'
import { jsonBody } from './rest-body.ts'
import { fromAddress, idempotencyHeader, requestIdOf } from './rest-input.ts'
import { findRoute, type RestRoute, restRoutes } from './rest-routes.ts'
import { type Context, createCallerFactory } from './trpc.ts'

/** The address below `/api/rest`. What next.config.mjs rewrites comes with its own address, which is the same without that. */
const pathBelow = (url: URL) => url.pathname.replace(/^\/api(\/rest)?(?=\/)/, '')

/**
 * A browser sends the session's cookie by itself, so a change that it carries has to come from a page of ours. Every browser says where
 * such a request comes from; a program that says nothing has no business with a browser's cookie, and a token of its own.
 */
function fromOwnPage(headers: HeadersLike, { via }: Caller): void {
  if (via?.kind !== 'session') return
  const origin = headers.get('origin')
  const own = origin === null ? headers.get('sec-fetch-site') === 'same-origin' : ownOrigins(baseUrl()).includes(origin.toLowerCase())
  if (own) return
  const words = 'A change that is made with a session cookie has to name its Origin. Programs use an API token.'
  throw new AppError('FORBIDDEN', words, undefined, { key: 'originMissing' })
}

async function inputOf(request: Request, url: URL, route: RestRoute, given: Record<string, string>): Promise<Record<string, unknown>> {
  const inAddress = fromAddress(Object.entries(given), route.fields)
  if (route.method === 'GET' || route.method === 'DELETE') return { ...fromAddress(url.searchParams, route.fields), ...inAddress }
  const body = await jsonBody(request)
  if (!route.mutation || !('requestId' in route.fields)) return { ...body, ...inAddress }
  return { ...body, requestId: requestIdOf(request.headers.get(idempotencyHeader), body.requestId, randomUUID), ...inAddress }
}

type Callable = { [name: string]: Callable } & ((input: unknown) => Promise<unknown>)

function called(caller: unknown, procedure: string): Callable {
  return procedure.split('.').reduce((at, name) => at[name] as Callable, caller as Callable)
}

/** Answers REST requests with the procedures of a router; the success is the plain output, a failure always our envelope. */
export function restHandler(router: AnyTRPCRouter, contextOf: (headers: HeadersLike) => Promise<Context>) {
  const [routes, makeCaller] = [restRoutes(router), createCallerFactory(router)]

  async function answer(request: Request, requestId: string): Promise<Response> {
    const url = new URL(request.url)
    const { found, allow } = findRoute(routes, request.method, pathBelow(url))
    if (allow.length === 0) throw new AppError('NOT_FOUND', 'There is no such address. GET /api/openapi.json lists all of them.')
    const allowed = { allow: allow.join(', ') }
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: allowed })
    if (!found) return refusalOf(new HttpError(405, `This address answers to ${allowed.allow}.`), '', { headers: allowed })
    const context = { ...(await contextOf(request.headers)), requestId }
    if (found.route.mutation) fromOwnPage(request.headers, context.caller)
    const input = await inputOf(request, url, found.route, found.given)
    const output = await called(makeCaller(context), found.route.procedure)(input)
    if (output === undefined) return new Response(null, { status: 204 })
    const told = Response.json(output, { headers: { 'cache-control': 'private, no-store' } })
    return request.method === 'HEAD' ? new Response(null, told) : told
  }

  return async (request: Request): Promise<Response> => {
    const requestId = randomUUID()
    const response = await answer(request, requestId).catch((err) => refusalOf(err, 'a REST call failed', { requestId }))
    response.headers.set('x-request-id', requestId)
    return response
  }
}
