import { APIConnectionError, APIError } from '@anthropic-ai/sdk'
import { AnswerInterrupted, budgetSpent, interruptedType } from '@/server/ai/service.ts'
import type { RunFailure } from '../schema.ts'
import { RunStop } from './types.ts'

const detailOf = (error: APIError) => {
  const said = (error.error as { error?: { message?: unknown } } | undefined)?.error?.message
  return typeof said === 'string' ? said.slice(0, 500) : null
}

function failureOf(error: APIError): RunFailure {
  const { status } = error
  const type = (error.error as { error?: { type?: unknown } } | undefined)?.error?.type
  if (type === budgetSpent) return 'budget'
  if (type === 'overloaded_error' || type === 'rate_limit_error' || status === 429 || status === 529) return 'overloaded'
  if (status === 413 || (status === 400 && /prompt is too long|context/i.test(detailOf(error) ?? ''))) return 'tooLong'
  if (type === interruptedType) return 'interrupted'
  if (status !== undefined && status >= 400 && status < 500) return 'refused'
  return 'unreachable'
}

/** Whether an answer broke off on its way, so that the same may be asked again. */
export const brokeOff = (error: unknown): boolean =>
  error instanceof AnswerInterrupted || (error instanceof Error && error.name === 'AnthropicError') || error instanceof APIConnectionError

/** What an error of the model's API means for a run. Errors that are no such are given back as they are. */
export function asRunStop(error: unknown): unknown {
  if (error instanceof RunStop) return error
  if (brokeOff(error)) return new RunStop('interrupted')
  return error instanceof APIError ? new RunStop(failureOf(error), detailOf(error)) : error
}
