import type { z } from 'zod'
import { AppError } from './errors.ts'

type Schema = z.core.$ZodType
/** What is read of a schema's definition here. */
interface Definition {
  type: string
  innerType?: Schema
  in?: Schema
  element?: Schema
  getter?: () => Schema
  shape?: Record<string, Schema>
  values?: unknown[]
}

const wrappers = new Set(['optional', 'nullable', 'default', 'prefault', 'catch', 'readonly', 'nonoptional'])

/** What a schema asks of a value that is there, below `optional`, `default` and the like; of a transformation what goes in. */
function definitionOf(schema: Schema): Definition {
  const definition = schema._zod.def as unknown as Definition
  if (wrappers.has(definition.type) && definition.innerType) return definitionOf(definition.innerType)
  if (definition.type === 'pipe' && definition.in) return definitionOf(definition.in)
  if (definition.type === 'lazy' && definition.getter) return definitionOf(definition.getter())
  return definition
}

/** The fields that a procedure's inputs ask for, by name. */
export function fieldsOf(inputs: readonly Schema[]): Record<string, Schema> {
  return Object.assign({}, ...inputs.map((input) => definitionOf(input).shape ?? {}))
}

const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text)

/**
 * What a piece of an address means for a field. What does not fit stays text, and the schema refuses it in its own words. The library's own
 * handler makes the shared schemas themselves lenient instead: from the first REST call on, tRPC would take "false" for true.
 */
function meant(text: string, { type, values }: Definition): unknown {
  if (type === 'number' && isNumber(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if (type === 'literal') return values?.find((value) => String(value) === text) ?? text
  return text
}

/** Reads fields out of an address: each once, lists as often as they have entries. */
export function fromAddress(given: Iterable<[string, string]>, fields: Record<string, Schema>): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [name, text] of given) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    // A field that nobody asks for is passed over, as in a body.
    if (!field) continue
    const definition = definitionOf(field)
    if (definition.type === 'array' && definition.element) {
      input[name] = [...((input[name] as unknown[] | undefined) ?? []), meant(text, definitionOf(definition.element))]
    } else if (Object.hasOwn(input, name)) throw new AppError('BAD_REQUEST', `"${name}" is given more than once.`, name)
    else input[name] = meant(text, definition)
  }
  return input
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
/** The header with which a caller makes a repeated request the same one. */
export const idempotencyHeader = 'idempotency-key'

/**
 * The id under which a request that makes something is known: the caller's, so that a repeat makes nothing new, else a new one.
 * @throws AppError BAD_REQUEST where the header is no UUID, or the body names another id
 */
export function requestIdOf(header: string | null, body: unknown, make: () => string): unknown {
  if (header === null) return body ?? make()
  if (!isUuid(header)) throw new AppError('BAD_REQUEST', 'Idempotency-Key has to be a UUID.', 'Idempotency-Key')
  if (body !== undefined && body !== header) {
    throw new AppError('BAD_REQUEST', 'Idempotency-Key and requestId name two different requests.', 'requestId')
  }
  return header
}
