import { randomUUID } from 'node:crypto'
import { addressHeader, type HeadersLike } from './core/credentials.ts'
import { answersStand, type Drawing, drawingOf, writtenDown } from './core/drawing.ts'
import type { Actor, Caller } from './core/gates.ts'
import { apiDocumentOf } from './core/openapi.ts'
import type { ApiDocument } from './core/openapi-types.ts'
import { callerOfPage } from './core/page-caller.ts'
import { type Context, createCallerFactory } from './core/trpc.ts'
import { appRouter } from './router.ts'

const createCaller = createCallerFactory(appRouter)

/** The context of a request: a page's, a tRPC call's or a REST call's. @throws AppError UNAUTHENTICATED for a bad API token */
export async function contextFromHeaders(headers: HeadersLike): Promise<Context> {
  const [caller, userAgent] = [await callerOfPage(headers), headers.get('user-agent')]
  return { caller, address: headers.get(addressHeader), userAgent: userAgent?.slice(0, 300) ?? null, requestId: randomUUID() }
}

/** Calls procedures for the person whose cookie the headers carry: `const api = await serverCaller(await headers())`. */
export async function serverCaller(headers: HeadersLike) {
  const context = await contextFromHeaders(headers)
  const [caller, drawing] = [createCaller(context), drawingOf(headers)]
  if (!drawing) return caller
  drawing.caller = JSON.stringify(context.caller)
  return writtenDown(caller, drawing)
}

/** Whether a page that was drawn would be drawn the same for whoever sends these headers: asked again, everything answers as it did. */
export async function stillTrue(drawing: Drawing, headers: HeadersLike): Promise<boolean> {
  const context = await contextFromHeaders(headers)
  return JSON.stringify(context.caller) === drawing.caller && answersStand(drawing, createCaller(context))
}

/** Calls procedures on behalf of a known person: the control socket's operator. */
export function callerFor(actor: Actor | null) {
  const caller: Caller = actor ? { actor, via: { kind: 'operator' } } : { actor: null, via: null }
  return createCaller({ caller, address: null, userAgent: null, requestId: randomUUID() })
}

/** The OpenAPI document of every procedure's REST twin. */
export const apiDocument = (): Promise<ApiDocument> => apiDocumentOf(appRouter)
