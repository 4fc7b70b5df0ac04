import { randomUUID } from 'node:crypto'
import { type Actor, actorFromSession } from './core/gates.ts'
import { type Context, createCallerFactory } from './core/trpc.ts'
import { appRouter } from './router.ts'

const createCaller = createCallerFactory(appRouter)

/** The context of a page's server-side calls, from the request's headers. */
export async function contextFromHeaders(headers: { get(name: string): string | null }): Promise<Context> {
  return { actor: await actorFromSession(headers.get('cookie')), requestId: randomUUID() }
}

/** Calls procedures for the person whose cookie the headers carry: `const api = await serverCaller(await headers())`. */
export async function serverCaller(headers: { get(name: string): string | null }) {
  return createCaller(await contextFromHeaders(headers))
}

/** Calls procedures on behalf of a known person: the control socket. */
export const callerFor = (actor: Actor | null) => createCaller({ actor, requestId: randomUUID() })
