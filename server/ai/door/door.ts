import type { IncomingMessage } from 'node:http'
import { isAppError } from '@/server/core/errors.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { sealRequest } from '../envelope/request.ts'
import { EnvelopeRefusal, type InnerRequest, innerRequestSchema, sealedAnswerType } from '../envelope/types.ts'
import { redact } from '../redaction/redact.ts'
import type { Redacted } from '../redaction/types.ts'
import { interruptedFailure } from '../schema.ts'
import { budgetAnswer, interruptedAnswer, refusedAnswer, unreachableAnswer, unreadableAnswer } from './answers.ts'
import { openEntry } from './ledger.ts'
import { openAnswer } from './opened.ts'
import { post, textOf } from './post.ts'
import { isCurable, type Refusal, refusalOf } from './refusals.ts'
import { cancelledFailure, responseOf } from './response.ts'
import type { CallContext, Purpose } from './types.ts'

/** For one project: far more than a crew needs, and less than a loop that runs away asks for. */
const limits = { concurrent: 100, perMinute: 1_000 }
/** How often a request is sealed anew for one that was refused, and how long all waiting for room may take. */
const envelopes = 3
const patienceMs = 5 * 60_000
const leastWaitMs = 100
const unreachableFailure = 'unreachable'
const mostRefusalBytes = 64 * 1024

/** What of a request's headers leaves with it; credentials do not. */
const passedOn = /^(anthropic-[a-z-]+|x-stainless-[a-z-]+|accept|content-type|user-agent|idempotency-key)$/
/** Errors of a connection that was there and is no more. */
const brokenOff = ['ECONNRESET', 'EPIPE', 'ECONNABORTED']

interface Call {
  projectId: ProjectId
  purpose: Purpose
  context: CallContext
  redacted: Redacted
  request: InnerRequest
  signal: AbortSignal | undefined
}

/** The request as the SDK made it; null where it is none that the AI server takes. */
function requestOf(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): InnerRequest | null {
  const headers = Object.fromEntries([...new Headers(init?.headers)].filter(([name]) => passedOn.test(name)))
  const path = new URL(input instanceof Request ? input.url : input).pathname
  return innerRequestSchema.safeParse({ path, headers, body: init?.body }).data ?? null
}

async function seal({ projectId, purpose, context, redacted, request }: Call) {
  const ai = registry('ai')
  const { buildId, budgetMicros } = purpose
  const bounded = buildId !== undefined && budgetMicros !== undefined
  const budget = bounded ? { id: buildId, limitMicros: budgetMicros, spentMicros: context.spentMicros } : null
  const sealed = await sealRequest({
    caller: ai.caller,
    server: await ai.serverKey(),
    now: registry('clock').now(),
    claims: { project: projectId, purpose: purpose.name, budget, limits },
    request: { ...request, body: redacted.body },
  })
  return { sealed, url: ai.url() }
}

type Sealed = Awaited<ReturnType<typeof seal>>['sealed']

/** Reads what came back: an answer, or why there is none. */
async function read(
  call: Call,
  message: IncomingMessage,
  sealed: Sealed,
  entry: ReturnType<typeof openEntry>,
): Promise<Response | Refusal> {
  const { purpose, redacted, signal } = call
  if (message.statusCode === 200 && message.headers['content-type'] === sealedAnswerType) {
    const opened = await openAnswer(message, sealed.claims, (waiting) => {
      entry.waited()
      purpose.notify?.({ kind: 'waiting', ...waiting })
    })
    return responseOf(opened, { redacted, entry, signal })
  }
  const refusal = refusalOf(await textOf(message, mostRefusalBytes))
  await entry.settle({ status: 0, failure: refusal?.code ?? unreachableFailure })
  return refusal ?? unreachableAnswer()
}

/** Seals and sends once. @throws the signal's reason where it fires */
async function sendOnce(call: Call): Promise<Response | Refusal> {
  const { projectId, signal } = call
  let leaving: Awaited<ReturnType<typeof seal>>
  try {
    leaving = await seal(call)
  } catch (error) {
    if (error instanceof EnvelopeRefusal) return error
    if (isAppError(error)) return unreachableAnswer(error.message)
    throw error
  }
  signal?.throwIfAborted()
  const { sealed, url } = leaving
  const posted = post(url, sealed.jwe, signal)
  const entry = openEntry({ ...call, sealed })
  try {
    return await read(call, await posted, sealed, entry)
  } catch (error) {
    const { name, code = '' } = error as NodeJS.ErrnoException
    const connected = await posted.then(() => true).catch(() => brokenOff.includes(code))
    const failure = signal?.aborted ? cancelledFailure : connected ? interruptedFailure : unreachableFailure
    await entry.settle({ status: 0, failure })
    signal?.throwIfAborted()
    logger.warn({ projectId, jti: sealed.claims.jti, name, code, failure }, 'a sending to the AI server failed')
    return connected ? interruptedAnswer() : unreachableAnswer()
  }
}

/** Sends until there is an answer: what a new envelope cures is sealed anew, and where there is no room it waits for some. */
async function send(call: Call): Promise<Response> {
  const { purpose, signal } = call
  const clock = registry('clock')
  let [sealedAgain, waited, left] = [0, 0, patienceMs]
  for (;;) {
    const sent = await sendOnce(call)
    if (sent instanceof Response) return sent
    const waitMs = Math.max(leastWaitMs, sent.retryAfterMs ?? 0)
    if (waitMs > left) return refusedAnswer(sent.code)
    if (sent.code === 'too-many') {
      waited++
      purpose.notify?.({ kind: 'waiting', status: 429, waitMs, attempt: waited })
    } else if (!isCurable(sent) || ++sealedAgain >= envelopes) return refusedAnswer(sent.code)
    left -= waitMs
    await clock.sleep(waitMs, signal)
  }
}

function tell({ notify }: Purpose, { redactions, withheld }: Redacted): void {
  if (redactions.length > 0) notify?.({ kind: 'redacted', redactions })
  if (withheld.length > 0) notify?.({ kind: 'withheld', paths: withheld })
}

async function redacted(projectId: ProjectId, body: string, denyPaths: readonly string[]): Promise<Redacted | null> {
  try {
    return await redact(projectId, body, denyPaths)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/**
 * The `fetch` of a model's client: what leaves by it was looked through for secrets, stands in the ledger and is sealed for the AI server; what comes
 * back looks as if the Messages API itself had answered.
 */
export function doorFetch(projectId: ProjectId, purpose: Purpose): typeof fetch {
  return async (input, init) => {
    const request = requestOf(input, init)
    if (!request) return unreadableAnswer()
    const bounded = purpose.buildId !== undefined && purpose.budgetMicros !== undefined
    const context = await data.callContext(projectId, purpose.buildId ?? null, bounded)
    if (bounded && context.spentMicros >= (purpose.budgetMicros ?? 0)) return budgetAnswer()
    const ready = await redacted(projectId, request.body, context.denyPaths)
    if (!ready) return unreadableAnswer()
    tell(purpose, ready)
    return send({ projectId, purpose, context, redacted: ready, request, signal: init?.signal ?? undefined })
  }
}
