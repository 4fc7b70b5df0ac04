import { z } from 'zod'
import { type RefusalCode, refusalCodes } from '../envelope/types.ts'

const refusalSchema = z.object({ error: z.object({ code: z.enum(refusalCodes), retryAfterMs: z.number().min(0).optional() }) })

/** Why the AI server did not take a request, and when it might. */
export interface Refusal {
  code: RefusalCode
  retryAfterMs?: number | undefined
}

/** What the AI server says instead of an answer; null where somebody else speaks. */
export function refusalOf(text: string): Refusal | null {
  try {
    return refusalSchema.parse(JSON.parse(text)).error
  } catch {
    return null
  }
}

/** Refusals that a new envelope changes: another nonce and time, and bytes that arrive as they left. */
const curable: readonly RefusalCode[] = ['old', 'early', 'before-start', 'replayed', 'altered']
export const isCurable = ({ code }: Refusal): boolean => curable.includes(code)
