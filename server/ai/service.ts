import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from './data.ts'
import { costMicros, usageAfterEvent, usageOfJson } from './rules.ts'
import { budgetSpentType, type Usage } from './schema.ts'
import { messages } from './upstreams/messages.ts'
import type { ModelClient } from './upstreams/types.ts'

export { ledgerCsv } from './ledger/csv.ts'
export { removeOldCalls } from './ledger/retention.ts'
export { ledgerChoices, ledgerEntry, ledgerPage, ledgerTotals } from './ledger/views.ts'
export { isDenied, partition } from './redaction/paths.ts'
export { changeSettings, settingsOf, tryPath } from './settings/settings.ts'
export type { ModelClient }

/** For what a model is called; each call is a row of the ledger under this purpose. */
export interface Purpose {
  /** A crew's role or another short word. */
  name: string
  buildId?: string
  /** Once the build has spent this much, the app answers calls itself with 402 and `budgetSpentType`. */
  budgetMicros?: number
}

/** One role's share of a build. */
export interface PurposeUsage {
  role: string
  calls: number
  inputTokens: number
  outputTokens: number
  costMicros: number
  durationMs: number
}

function budgetAnswer(): Response {
  const error = { type: budgetSpentType, message: 'The budget of this build is spent.' }
  return Response.json({ type: 'error', error }, { status: 402, headers: { 'x-should-retry': 'false' } })
}

/** Passes an event stream on unchanged and reports its usage when it ends, however it ends. */
function watchStream(body: ReadableStream<Uint8Array>, done: (usage: Usage) => void): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let usage = usageOfJson('')
  let rest = ''
  const read = (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data:')) usage = usageAfterEvent(usage, line.slice(5))
  }
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done: ended } = await reader.read()
        if (!ended) {
          read(decoder.decode(value, { stream: true }))
          return controller.enqueue(value)
        }
        done(usage)
        controller.close()
      } catch (error) {
        done(usage)
        controller.error(error)
      }
    },
    async cancel(reason) {
      done(usage)
      await reader.cancel(reason)
    },
  })
}

async function record(
  projectId: ProjectId,
  purpose: Purpose,
  call: { model: string; status: number; requestId: string | null; startedAt: number; usage: Usage },
) {
  const { model, status, requestId, startedAt, usage } = call
  const row = {
    buildId: purpose.buildId ?? null,
    purpose: purpose.name,
    model,
    demo: registry('model').demo,
    requestId,
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
    costMicros: BigInt(costMicros(model, usage)),
    status,
    startedAt: new Date(startedAt),
    durationMs: Math.round(registry('clock').now() - startedAt),
  }
  // An answer that was paid for is handed on: were it lost, the SDK would ask, and pay, once more.
  await data
    .insertCall(projectId, row)
    .catch((err) => logger.error({ err, ...row, costMicros: Number(row.costMicros) }, 'a call of a model could not be stored'))
}

function modelOf(init: RequestInit | undefined): string {
  try {
    return String((JSON.parse(String(init?.body)) as { model?: unknown }).model ?? '')
  } catch {
    return ''
  }
}

function ledgerFetch(projectId: ProjectId, purpose: Purpose): typeof fetch {
  return async (input, init) => {
    const { buildId, budgetMicros } = purpose
    if (buildId && budgetMicros !== undefined && (await data.spentMicros(projectId, buildId)) >= budgetMicros) return budgetAnswer()
    const startedAt = registry('clock').now()
    const response = await fetch(input, init)
    const call = { model: modelOf(init), status: response.status, requestId: response.headers.get('request-id'), startedAt }
    if (response.body && response.headers.get('content-type')?.includes('text/event-stream')) {
      const body = watchStream(response.body, (usage) => void record(projectId, purpose, { ...call, usage }))
      return new Response(body, response)
    }
    const text = await response.text()
    await record(projectId, purpose, { ...call, usage: usageOfJson(text) })
    return new Response(text, response)
  }
}

/**
 * The one door to Claude: the SDK's own client, whose every call is a row of the ledger. It reaches the real API or the demo
 * model, whichever this installation has; the caller cannot tell.
 */
export function modelClient(projectId: ProjectId, purpose: Purpose): ModelClient {
  const { baseUrl, apiKey } = registry('model')
  return messages({ baseUrl, apiKey, fetch: ledgerFetch(projectId, purpose) })
}

/** Whether the rule-based stand-in answers instead of Claude; its words are labelled wherever they appear. */
export const isDemoModel = (): boolean => registry('model').demo

/** Whether a build was given words of a real model, and so holds code that is not ours. */
export const askedRealModel = (projectId: ProjectId, buildId: string): Promise<boolean> => data.hasRealCall(projectId, buildId)

/** Calls, tokens, cost and time per role of one build, in the order in which the roles first spoke. */
export async function usageOf(projectId: ProjectId, buildId: string): Promise<PurposeUsage[]> {
  const rows = await data.usageByPurpose(projectId, buildId)
  return rows
    .sort((a, b) => Number(a._min.startedAt) - Number(b._min.startedAt))
    .map((row) => ({
      role: row.purpose,
      calls: row._count._all,
      inputTokens: (row._sum.inputTokens ?? 0) + (row._sum.cacheReadTokens ?? 0) + (row._sum.cacheWriteTokens ?? 0),
      outputTokens: row._sum.outputTokens ?? 0,
      costMicros: Number(row._sum.costMicros ?? 0),
      durationMs: row._sum.durationMs ?? 0,
    }))
}

/** What the platform's calls since a time have cost, in millionths of a US dollar; what the demo model's would have cost stands apart. */
export async function spentSince(since: Date): Promise<{ micros: number; demoMicros: number; calls: number }> {
  const groups = await data.spentSince(since)
  const of = (demo: boolean) => Number(groups.find((group) => group.demo === demo)?._sum.costMicros ?? 0)
  return { micros: of(false), demoMicros: of(true), calls: groups.reduce((sum, group) => sum + group._count._all, 0) }
}
