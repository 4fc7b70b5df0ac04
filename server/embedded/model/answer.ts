import { choreOf } from './chat/chores.ts'
import { chatTurn } from './chat/turn.ts'
import { architecture } from './documents/architecture.ts'
import { operations } from './documents/operations.ts'
import { review } from './documents/review.ts'
import { specification } from './documents/specification.ts'
import { tasks } from './documents/tasks.ts'
import type { Faults } from './protocol/faults.ts'
import type { Part } from './protocol/reply.ts'
import type { MessageRequest } from './protocol/request.ts'
import { messagesOf } from './protocol/request.ts'
import { modelOf, type Role, roleOf } from './roles/blocks.ts'
import { exampleOf } from './roles/example.ts'
import { hostileTurn, lyingTurn, poisoned } from './roles/hostile.ts'
import { workTurn } from './roles/turns.ts'

type Schema = { properties?: Record<string, unknown>; required?: string[] }

/** The model's words for one request: by role, else by what the request forces, else small talk. Depends on nothing else. */
export function answer(request: MessageRequest, faults: Faults): Part[] {
  const role = roleOf(request)
  if (role === null && choreOf(request)) return chatTurn(request, faults)
  const schema = request.output_config?.format?.schema as Schema | undefined
  if (schema) return [{ type: 'text', text: JSON.stringify(documentFor(role, request, schema, faults)) }]
  if (role === 'QA engineer' || role === 'frontend developer' || role === 'backend developer') {
    if (faults.hostile) return hostileTurn(request)
    return faults.lie ? lyingTurn() : workTurn(role, request)
  }
  if (faults.hostile) return role ? hostileTurn(request) : chatTurn(request, faults)
  return (
    forcedTool(request) ?? (role ? [{ type: 'text', text: JSON.stringify(byRole(role, request, {}) ?? {}) }] : chatTurn(request, faults))
  )
}

/** The role's own document where it fits the schema asked for, else the schema's smallest example. */
function documentFor(role: Role | null, request: MessageRequest, schema: Schema, faults: Faults): unknown {
  const document = role ? byRole(role, request, schema) : undefined
  const fits = document && (schema.required ?? []).every((key) => key in document)
  if (!role || !fits) return exampleOf(schema)
  return faults.hostile ? poisoned(document, role) : document
}

function byRole(role: Role, request: MessageRequest, schema: Schema): object | undefined {
  if (role === 'code reviewer') return review(request)
  const model = modelOf(request)
  if (role === 'product strategist') return specification(model)
  if (role === 'architect') return schema.properties?.tasks ? tasks(model) : architecture(model)
  return role === 'DevOps engineer' ? operations(model) : undefined
}

/** A tool that the request forces is called with the smallest input that fits, once. */
function forcedTool(request: MessageRequest): Part[] | null {
  const choice = request.tool_choice
  if (!choice || choice.type === 'auto' || choice.type === 'none') return null
  const tool = request.tools?.find(({ name }) => choice.type === 'any' || name === choice.name)
  const answered = messagesOf(request)
    .at(-1)
    ?.blocks.some(({ type }) => type === 'tool_result')
  if (!tool || (answered && choice.type === 'any')) return null
  return [{ type: 'tool_use', name: tool.name, input: exampleOf(tool.input_schema ?? {}) as Record<string, unknown> }]
}
