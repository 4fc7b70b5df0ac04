import { serve } from 'inngest/next'
import type { NextRequest } from 'next/server'
import { baseUrl } from '@/server/core/env.ts'
import { inngest } from '@/server/core/inngest.ts'
import { registry } from '@/server/core/registry.ts'
import { makeFunctions } from '@/server/functions.ts'

type Method = 'GET' | 'POST' | 'PUT'
let handlers: ReturnType<typeof serve> | undefined

/**
 * The door for a real Inngest server, which signs what it sends. On the embedded executor there is no door: functions are
 * called in process, and this address does not exist.
 */
const answer = (method: Method) => async (request: NextRequest, context: unknown) => {
  if (registry('embeddedExecutor')) return new Response('Not found', { status: 404 })
  handlers ??= serve({ client: inngest(), functions: makeFunctions(inngest()), serveOrigin: baseUrl(), servePath: '/api/inngest' })
  return handlers[method](request, context)
}

export const GET = answer('GET')
export const POST = answer('POST')
export const PUT = answer('PUT')
