import { z } from 'zod'
import { opsSchema } from './answer.ts'
import { type CallContext, checkpoint } from './calls.ts'
import type { Job } from './types.ts'

const checkpointSchema = z.object({ run_id: z.string(), qi_id: z.string(), steps: opsSchema })

interface Routes {
  context: CallContext
  /** The jobs that this process holds, by what `holdOf` makes of them. */
  held: Map<string, Job>
  send(payload: unknown, seed: string | null): Promise<string[]>
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

/** Answers what the SDK's client would send to an Inngest server: events and checkpoints, and nothing else. */
export function makeTransport({ context, held, send }: Routes): (url: URL, init: RequestInit) => Promise<Response> {
  async function events(init: RequestInit): Promise<Response> {
    try {
      return json(200, {
        ids: await send(JSON.parse(String(init.body)), new Headers(init.headers).get('x-inngest-event-id-seed')),
        status: 200,
      })
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof SyntaxError) return json(400, { ids: [], status: 400, error: reason(error) })
      throw error
    }
  }

  async function steps(init: RequestInit): Promise<Response> {
    const body = checkpointSchema.safeParse(JSON.parse(String(init.body)))
    if (!body.success) return json(400, { error: 'The checkpoint holds no readable steps.', status: 400 })
    const job = held.get(body.data.qi_id)
    const stored = job?.runId === body.data.run_id && (await checkpoint(context, job, body.data.steps))
    return stored ? json(200, {}) : json(409, { error: 'This call no longer holds the run.', status: 409 })
  }

  return async (url, init) => {
    if (init.method === 'POST' && url.pathname.startsWith('/e/')) return events(init)
    if (init.method === 'POST' && /^\/v1\/checkpoint\/[^/]+\/async$/.test(url.pathname)) return steps(init)
    return json(501, { error: `The embedded executor does not have ${init.method ?? 'GET'} ${url.pathname}.`, status: 501 })
  }
}

const reason = (error: z.ZodError | SyntaxError) =>
  error instanceof z.ZodError
    ? error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    : 'The events are not JSON.'
