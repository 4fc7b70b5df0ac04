import { type CallOutcome, models, type Usage, usageSchema } from './schema.ts'

/** The cost of an answer in millionths of a US dollar. A model that is not in the table counts as the dearest one. */
export function costMicros(model: string, usage: Usage): number {
  const known = (models as Record<string, (typeof models)[keyof typeof models] | undefined>)[model] ?? models['claude-opus-5-5']
  const { input, output, cacheRead, cacheWrite } = known.price
  const micros =
    usage.input_tokens * input +
    usage.output_tokens * output +
    (usage.cache_read_input_tokens ?? 0) * cacheRead +
    (usage.cache_creation_input_tokens ?? 0) * cacheWrite
  return Math.ceil(micros)
}

const nothing: Usage = { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 }

/** Reads the usage out of a JSON answer; zeros where it has none (an error). */
export function usageOfJson(text: string): Usage {
  try {
    return usageSchema.parse((JSON.parse(text) as { usage?: unknown }).usage ?? nothing)
  } catch {
    return nothing
  }
}

/** Adds what one `data:` line of an event stream says of usage: `message_start` counts the input, `message_delta` the output so far. */
export function usageAfterEvent(before: Usage, data: string): Usage {
  if (!data.includes('"usage"')) return before
  try {
    const event = JSON.parse(data) as { type?: string; message?: { usage?: unknown }; usage?: Partial<Usage> }
    if (event.type === 'message_start') return usageSchema.parse(event.message?.usage ?? nothing)
    if (event.type === 'message_delta') return { ...before, ...usageSchema.partial().parse(event.usage ?? {}) }
  } catch {
    // A line that is no JSON says nothing of usage.
  }
  return before
}

/** How a sending came out, by its answer's HTTP status (0: none so far) and what is known to have failed. */
export function callOutcomeOf({ status, failure }: { status: number; failure: string | null }): CallOutcome {
  if (failure !== null) return 'failed'
  if (status === 0) return 'open'
  return status >= 200 && status < 300 ? 'ok' : 'failed'
}

/** Where a page of the ledger goes on after a sending. */
export const ledgerCursor = ({ at, id }: { at: string; id: string }): string => `${Date.parse(at)}.${id}`

/** The time and the id that a cursor names. */
export function ledgerCursorOf(cursor: string): { at: number; id: string } {
  const dot = cursor.indexOf('.')
  return { at: Number(cursor.slice(0, dot)), id: cursor.slice(dot + 1) }
}
