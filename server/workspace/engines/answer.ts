import type { RawMessageStreamEvent, StopReason } from '@anthropic-ai/sdk/resources/messages'
import { costMicros } from '@/server/ai/service.ts'
import type { Part } from '@/server/chats/schema.ts'
import { registry } from '@/server/core/registry.ts'
import type { ModelName } from '@/server/models/schema.ts'
import type { RunUsage } from '../live/types.ts'
import type { RunEvent } from '../schema.ts'
import type { EngineRun } from './types.ts'

/** One answer of the model, read whole; of one that was cut off, what is known of it: of its output that every piece holds a token at least. */
export interface Answered {
  stop: StopReason | null
  usage: { input: number; output: number; cacheRead: number; cacheWrite: number }
}

export const nothingAnswered = (): Answered => ({ stop: null, usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } })

type Emit = Pick<EngineRun, 'emit' | 'parts'>
type Start = Extract<RawMessageStreamEvent, { type: 'content_block_start' }>
type Delta = Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>

/** The part that a block of an answer becomes; null for kinds that nobody asked for. */
function partOf({ content_block: block }: Start, turn: number): Part | null {
  if (block.type === 'text') return { type: 'text', turn, text: block.text }
  if (block.type === 'thinking')
    return { type: 'thinking', turn, text: block.thinking, ...(block.signature ? { signature: block.signature } : {}) }
  if (block.type === 'redacted_thinking') return { type: 'thinking', turn, text: '', redacted: block.data }
  if (block.type === 'tool_use') return { type: 'tool', turn, callId: block.id, tool: block.name, input: '', output: '', state: 'writing' }
  return null
}

function deltaEvent({ delta }: Delta, index: number): RunEvent | null {
  if (delta.type === 'text_delta') return { type: 'delta', index, field: 'text', text: delta.text }
  if (delta.type === 'thinking_delta') return { type: 'delta', index, field: 'text', text: delta.thinking }
  if (delta.type === 'input_json_delta')
    return delta.partial_json ? { type: 'delta', index, field: 'input', text: delta.partial_json } : null
  if (delta.type === 'signature_delta') return { type: 'patch', index, patch: { signature: delta.signature } }
  return null
}

/**
 * Reads one answer and reports it part by part, as it comes.
 * @param told called with the first event: the wait, if there was one, is over
 * @param answered filled as it comes, for whoever wants to know of an answer that is cut off
 * @throws what the stream throws where it breaks off
 */
export async function readAnswer(
  stream: AsyncIterable<RawMessageStreamEvent>,
  turn: number,
  run: Emit,
  told: () => void,
  answered = nothingAnswered(),
): Promise<Answered> {
  const clock = registry('clock')
  // The model numbers the blocks of one answer; a message has those of several.
  const places = new Map<number, { index: number; began: number; thinking: boolean }>()
  for await (const event of stream) {
    told()
    if (event.type === 'message_start') {
      const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = event.message.usage
      answered.usage = {
        input: input_tokens,
        output: 0,
        cacheRead: cache_read_input_tokens ?? 0,
        cacheWrite: cache_creation_input_tokens ?? 0,
      }
    } else if (event.type === 'content_block_start') {
      const part = partOf(event, turn)
      if (!part) continue
      const index = run.parts.length
      places.set(event.index, { index, began: clock.now(), thinking: part.type === 'thinking' })
      run.emit({ type: 'part', index, part })
    } else if (event.type === 'content_block_delta') {
      answered.usage.output++
      const place = places.get(event.index)
      const said = place && deltaEvent(event, place.index)
      if (said) run.emit(said)
    } else if (event.type === 'content_block_stop') {
      const place = places.get(event.index)
      if (place?.thinking) run.emit({ type: 'patch', index: place.index, patch: { durationMs: clock.now() - place.began } })
    } else if (event.type === 'message_delta') {
      answered.stop = event.delta.stop_reason
      answered.usage.output = event.usage.output_tokens
    }
  }
  return answered
}

/** What a run has cost after one more answer of a model. */
export function usageAfter(before: RunUsage, { usage }: Answered, model: ModelName): RunUsage {
  const { input, output, cacheRead, cacheWrite } = usage
  const billed = { input_tokens: input, output_tokens: output, cache_read_input_tokens: cacheRead, cache_creation_input_tokens: cacheWrite }
  return {
    inputTokens: before.inputTokens + input + cacheRead + cacheWrite,
    outputTokens: before.outputTokens + output,
    cacheTokens: before.cacheTokens + cacheRead,
    contextTokens: input + cacheRead + cacheWrite + output,
    costMicros: before.costMicros + costMicros(model, billed),
  }
}
