import { z } from 'zod'
import { ApiError } from './errors.ts'
import { modelNamed, takenBy } from './models.ts'
import { signatureOf } from './signature.ts'

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().optional(),
  content: z.unknown().optional(),
  thinking: z.string().optional(),
  signature: z.string().optional(),
  title: z.string().nullish(),
  source: z.looseObject({ type: z.string(), media_type: z.string().optional(), data: z.string().optional() }).optional(),
})
export type Block = z.infer<typeof blockSchema>

const contentSchema = z.union([z.string(), z.array(blockSchema)])
const messageSchema = z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: contentSchema })
const toolSchema = z.looseObject({ name: z.string().min(1).max(200), input_schema: z.record(z.string(), z.unknown()).optional() })
export type Tool = z.infer<typeof toolSchema>

const countSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  system: z.union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() }))]).optional(),
  tools: z.array(toolSchema).optional(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() }).optional(),
  output_config: z
    .looseObject({
      effort: z.string().nullish(),
      format: z.looseObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .optional(),
  thinking: z.looseObject({ type: z.enum(['enabled', 'disabled', 'adaptive']), budget_tokens: z.int().min(1024).optional() }).optional(),
})

const requestSchema = countSchema.extend({
  max_tokens: z.int().min(1),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string().min(1)).optional(),
  temperature: z.number().min(0).max(1).optional(),
  thread: z.unknown().optional(),
})
export type CountRequest = z.infer<typeof countSchema>
export type MessageRequest = z.infer<typeof requestSchema>

export interface Message {
  role: 'user' | 'assistant'
  blocks: Block[]
}

/** Messages with their content always as blocks; notes in the system's role are no turn of the conversation. */
export function messagesOf(request: CountRequest): Message[] {
  return request.messages.flatMap(({ role, content }) =>
    role === 'system' ? [] : [{ role, blocks: typeof content === 'string' ? [{ type: 'text', text: content }] : content }],
  )
}

export function systemOf(request: CountRequest): string {
  return typeof request.system === 'string' ? request.system : (request.system ?? []).map(({ text }) => text).join('\n')
}

/** Text of one message without tool results. */
export function textOf(message: Message | undefined): string {
  return (message?.blocks ?? []).map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join('\n')
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ApiError('invalid_request_error', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not understood'}`)
}

/** Each tool call is answered in the very next message, and nothing else is answered. */
function checkTools(messages: Message[]): void {
  messages.forEach(({ role, blocks }, index) => {
    const before = messages[index - 1]
    const called = new Set(
      before?.role === 'assistant' ? before.blocks.flatMap(({ type, id }) => (type === 'tool_use' && id ? [id] : [])) : [],
    )
    const answered = blocks.flatMap(({ type, tool_use_id: id }) => (type === 'tool_result' && id ? [id] : []))
    const stray = answered.find((id) => !called.has(id))
    if (stray) throw new ApiError('invalid_request_error', `messages.${index}: tool_result for an unknown tool_use id: ${stray}`)
    const open = role === 'user' ? [...called].find((id) => !answered.includes(id)) : undefined
    if (open) throw new ApiError('invalid_request_error', `messages.${index}: tool_use id without a tool_result: ${open}`)
  })
}

function check<T extends CountRequest>(request: T): T {
  if (!modelNamed(request.model)) throw new ApiError('not_found_error', `model: ${request.model}`)
  const messages = messagesOf(request)
  if (messages[0]?.role !== 'user') throw new ApiError('invalid_request_error', 'messages: first message must use the "user" role')
  if (messages.some(({ blocks, role }) => blocks.length === 0 && role === 'user')) {
    throw new ApiError('invalid_request_error', 'messages: all user messages must have non-empty content')
  }
  checkTools(messages)
  return request
}

/** Whether a request wants the model's thinking shown. */
export const thinks = ({ thinking }: CountRequest): boolean => thinking !== undefined && thinking.type !== 'disabled'

/** What the model's row of the table says no to is refused, as the API does. */
function checkParameters(request: MessageRequest): void {
  const { model, temperature, thinking, max_tokens } = request
  const takes = takenBy(model)
  const refuse = (words: string): never => {
    throw new ApiError('invalid_request_error', words)
  }
  const effort = request.output_config?.effort
  if (temperature !== undefined && !takes?.temperature) refuse(`temperature: not supported by ${model}`)
  if (temperature !== undefined && temperature !== 1 && thinks(request))
    refuse('temperature: may only be set to 1 when thinking is enabled')
  if (effort && !takes?.efforts.includes(effort)) refuse(`output_config.effort: ${JSON.stringify(effort)} is not supported by ${model}`)
  if (thinking?.type === 'adaptive' && takes?.thinking !== 'adaptive') refuse(`thinking: adaptive thinking is not supported on ${model}`)
  if (thinking?.type !== 'enabled') return
  if (takes?.thinking !== 'budget') refuse(`thinking.type.enabled: not supported by ${model}; use adaptive`)
  if (thinking.budget_tokens === undefined) refuse('thinking.enabled.budget_tokens: Field required')
  if (Number(thinking.budget_tokens) >= max_tokens) refuse('max_tokens: must be greater than thinking.budget_tokens')
}

/** Thinking that comes back must be the model's own. */
function checkThinking(messages: Message[]): void {
  messages.forEach(({ blocks }, index) => {
    for (const [at, { type, thinking = '', signature }] of blocks.entries())
      if (type === 'thinking' && signature !== signatureOf(thinking))
        throw new ApiError('invalid_request_error', `messages.${index}.content.${at}: Invalid \`signature\` in \`thinking\` block`)
  })
}

/** @throws ApiError for a body that the API would refuse */
export function parseRequest(body: unknown): MessageRequest {
  const request = check(parse(requestSchema, body))
  const limit = modelNamed(request.model)?.max_tokens ?? 0
  if (request.max_tokens > limit)
    throw new ApiError('invalid_request_error', `max_tokens: ${request.max_tokens} > ${limit}, the maximum of ${request.model}`)
  checkParameters(request)
  checkThinking(messagesOf(request))
  if (request.thread !== undefined)
    throw new ApiError('invalid_request_error', 'thread: the demo model keeps no conversation; send it whole')
  return request
}

/** @throws ApiError for a body that the API would refuse */
export function parseCount(body: unknown): CountRequest {
  return check(parse(countSchema, body))
}
