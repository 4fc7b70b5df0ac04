import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { env } from '@/server/core/env.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { directoryHash } from '@/server/core/paths.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import type { SealedRequest } from '../envelope/request.ts'
import type { Redacted } from '../redaction/types.ts'
import { costMicros } from '../rules.ts'
import { ledgerNames, type Usage } from '../schema.ts'
import { contentsOf } from './files.ts'
import type { CallContext, Purpose } from './types.ts'

/** No request is under way for longer, so whatever is open since then was left by a process that is gone for good. */
const longestMs = 3_600_000

/** One process at a time has a data directory; machines may have directories of the same name. */
const nodeName = () => `${hostname().slice(0, 60)}/${directoryHash(env().MAESTRO_DATA_DIR)}`

/** How an answer ended. */
export interface Outcome {
  status: number
  failure: string | null
  requestId?: string | null
  usage?: Usage
}

/** The row of one sending. */
export interface Entry {
  /** The AI server had to wait for the model. */
  waited(): void
  /** Writes down how it ended; only the first call does. Resolves when the row is written, or cannot be. */
  settle(outcome: Outcome): Promise<void>
}

export interface Leaving {
  projectId: ProjectId
  purpose: Purpose
  context: CallContext
  redacted: Redacted
  sealed: SealedRequest
}

function departure({ purpose, context: { build }, redacted, sealed }: Leaving) {
  const { body, redactions, withheld } = redacted
  const contents = contentsOf(body, purpose.files ?? [], withheld)
  return {
    ...{
      buildId: purpose.buildId ?? null,
      sessionId: purpose.sessionId ?? null,
      buildNumber: build?.number ?? null,
      actorId: purpose.actorId ?? build?.createdById ?? null,
    },
    ...{ purpose: purpose.name, demo: registry('ai').demo, node: nodeName(), startedAt: new Date(sealed.claims.iat) },
    ...{ bytes: Buffer.byteLength(body), sealedBytes: sealed.jwe.length, keyId: sealed.claims.aud },
    sha256: createHash('sha256').update(body).digest('hex'),
    ...contents,
    ...{ redactions, redactionCount: redactions.reduce((sum, { count }) => sum + count, 0) },
    ...{ withheld: withheld.slice(0, ledgerNames), withheldCount: withheld.length },
  }
}

/**
 * Opens the row of a request that has just left. The answer does not wait for it; and one that was paid for is handed on also where the ledger cannot
 * be written: were it lost, the SDK would ask, and pay, once more.
 */
export function openEntry(leaving: Leaving): Entry {
  const { projectId, sealed } = leaving
  const unwritten = (err: unknown) => logger.error({ err, projectId, jti: sealed.claims.jti }, 'a sending could not be written down')
  const open = async () => {
    // First the request goes out, then it is looked through for files.
    await new Promise(setImmediate)
    const row = departure(leaving)
    return { id: await data.openCall(projectId, row), model: row.model }
  }
  const opened = open().catch(unwritten)
  let waits = 0
  const close = async ({ status, failure, requestId = null, usage }: Outcome) => {
    const durationMs = Math.max(0, Math.round(registry('clock').now() - sealed.claims.iat))
    const row = await opened
    if (!row) return
    await data.settleCall(projectId, row.id, {
      ...{ status, failure, requestId, waits, durationMs },
      inputTokens: usage?.input_tokens ?? 0,
      outputTokens: usage?.output_tokens ?? 0,
      cacheReadTokens: usage?.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage?.cache_creation_input_tokens ?? 0,
      costMicros: BigInt(usage ? costMicros(row.model, usage) : 0),
    })
  }
  let settled: Promise<void> | undefined
  return {
    waited() {
      waits++
    },
    settle(outcome) {
      settled ??= close(outcome).catch(unwritten)
      return settled
    },
  }
}

/**
 * Settles what is open and has nobody any more who would: what this installation sent before this process began, and what any has had open for
 * longer than a request takes. Gives how many. Safe to repeat.
 */
export async function settleInterrupted(begunAt: number = performance.timeOrigin): Promise<number> {
  const now = registry('clock').now()
  return data.settleInterrupted({ node: nodeName(), begunAt: new Date(begunAt), before: new Date(now - longestMs) })
}
