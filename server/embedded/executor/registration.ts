import { z } from 'zod'
import { compile } from './expressions.ts'
import type { FunctionConfig } from './types.ts'

/** Takes a request in the place of an HTTP server: the SDK's own handler. */
export type Handler = (request: Request) => Promise<Response>

/** An address that no network has; the handler wants one, and nothing is ever sent to it. */
export const origin = 'http://executor.invalid'
const path = `${origin}/api/inngest`
const headers = { host: 'executor.invalid', 'content-type': 'application/json' }

const limitSchema = z.object({
  limit: z.number().int().min(0),
  key: z.string().optional(),
  scope: z.enum(['fn', 'env', 'account']).default('fn'),
})
const configSchema = z
  .object({
    id: z.string(),
    triggers: z.array(z.looseObject({ event: z.string().optional(), expression: z.string().optional(), cron: z.string().optional() })),
    steps: z.object({ step: z.object({ retries: z.object({ attempts: z.number().int().min(0) }).optional() }) }),
    concurrency: z
      .union([z.number().int().min(0), limitSchema, z.array(limitSchema).max(2)])
      .nullish()
      .transform((value) => (value == null ? [] : typeof value === 'number' ? [limitSchema.parse({ limit: value })] : [value].flat())),
    idempotency: z.string().nullish(),
    cancel: z.array(z.looseObject({ event: z.string(), if: z.string().nullish(), timeout: z.unknown().optional() })).nullish(),
  })
  .catchall(z.unknown())

const supported = new Set(['id', 'name', 'triggers', 'steps', 'concurrency', 'idempotency', 'cancel'])

/** Asks the handler which functions it serves, as a server does in band. */
async function fetchConfigs(handler: Handler): Promise<unknown[]> {
  const request = new Request(path, {
    method: 'PUT',
    headers: { ...headers, 'x-inngest-sync-kind': 'in_band' },
    body: JSON.stringify({ url: path }),
  })
  const response = await handler(request)
  const body = z.object({ functions: z.array(z.unknown()) }).safeParse(await response.json().catch(() => null))
  if (!response.ok || !body.success) throw new Error(`The functions could not be registered: the handler answered ${response.status}.`)
  return body.data.functions
}

function readConfig(input: unknown, problems: string[]): FunctionConfig {
  const config = configSchema.parse(input)
  const refuse = (what: string) => problems.push(`${config.id}: ${what}`)
  for (const [name, value] of Object.entries(config)) if (!supported.has(name) && value != null) refuse(name)
  for (const trigger of config.triggers) if (!trigger.event) refuse('cron trigger')
  if (config.triggers.length === 0) refuse('no trigger (invoke only)')
  for (const cancel of config.cancel ?? []) if (cancel.timeout != null) refuse('cancelOn timeout')
  const triggers = config.triggers.map(({ event = '', expression }) => ({ event, ...(expression ? { expression } : {}) }))
  const cancel = (config.cancel ?? []).map((one) => ({ event: one.event, ...(one.if ? { if: one.if } : {}) }))
  const expressions = [
    ...triggers.map((one) => one.expression),
    ...cancel.map((one) => one.if),
    ...config.concurrency.map((one) => one.key),
    config.idempotency,
  ]
  for (const expression of expressions) {
    try {
      if (expression) compile(expression)
    } catch {
      refuse(`the expression ${JSON.stringify(expression)}`)
    }
  }
  const maxAttempts = (config.steps.step.retries?.attempts ?? 4) + 1
  return {
    id: config.id,
    triggers,
    maxAttempts,
    concurrency: config.concurrency,
    cancel,
    ...(config.idempotency ? { idempotency: config.idempotency } : {}),
  }
}

/**
 * Registers the handler's functions.
 * @throws Error that names each function and feature which the embedded executor does not have.
 */
export async function registerFunctions(handler: Handler): Promise<Map<string, FunctionConfig>> {
  const problems: string[] = []
  const configs = (await fetchConfigs(handler)).map((config) => readConfig(config, problems))
  if (problems.length)
    throw new Error(
      `The embedded executor does not support: ${problems.join('; ')}. Use a real Inngest server (INNGEST_BASE_URL) or leave it out.`,
    )
  return new Map(configs.map((config) => [config.id, config]))
}

/** The request by which a server calls a function; `body` is JSON. */
export function callRequest(fnId: string, stepId: string, requestId: string, body: string): Request {
  const url = `${path}?fnId=${encodeURIComponent(fnId)}&stepId=${encodeURIComponent(stepId)}`
  return new Request(url, { method: 'POST', headers: { ...headers, 'x-request-id': requestId }, body })
}
