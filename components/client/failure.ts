import { TRPCClientError } from '@trpc/client'

export const failureCodes = [
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'TOO_LARGE',
  'TOO_MANY_REQUESTS',
  'UNAVAILABLE',
  'INTERNAL',
  'OFFLINE',
] as const
export type FailureCode = (typeof failureCodes)[number]

/** What went wrong, as the interface tells it; `field` names the input that was refused. */
export interface Failure {
  code: FailureCode
  message: string | null
  field?: string
  /** Where the message stands in the reader's language, below `said`, and what it has blanks for. */
  key?: string
  values?: Record<string, string | number>
}

const isCode = (code: unknown): code is FailureCode => (failureCodes as readonly unknown[]).includes(code)

/** Reads the border's answer out of whatever a call threw; a call that never got an answer is OFFLINE. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof TRPCClientError)) return { code: 'INTERNAL', message: null }
  const told = (error.data as { error?: Record<string, unknown> } | undefined)?.error
  if (!told) return { code: error.data ? 'INTERNAL' : 'OFFLINE', message: null }
  return {
    code: isCode(told.code) ? told.code : 'INTERNAL',
    message: typeof told.message === 'string' && told.code !== 'INTERNAL' ? told.message : null,
    ...(typeof told.field === 'string' ? { field: told.field } : {}),
    ...(typeof told.key === 'string' ? { key: told.key, values: (told.values ?? {}) as Record<string, string | number> } : {}),
  }
}
