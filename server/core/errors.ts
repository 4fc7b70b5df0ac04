/** The only error codes there are; the client turns each into words (`errors.<code>` in the message files). */
export const errorCodes = [
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'TOO_LARGE',
  'TOO_MANY_REQUESTS',
  'UNAVAILABLE',
  'INTERNAL',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** The HTTP status that belongs to each code. */
export const httpStatus: Record<ErrorCode, number> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
}

/**
 * An error whose message may reach the person who caused it. `field` names the input that was refused.
 * Anything else that is thrown is masked at the border and captured as INTERNAL.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly key: string | undefined
  readonly values: Record<string, string | number> | undefined
  readonly retryAfter: number | undefined

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly field?: string,
    { key, values, retryAfter, ...options }: AppErrorOptions = {},
  ) {
    super(message, options)
    this.key = key
    this.values = values
    this.retryAfter = retryAfter
  }
}

export interface AppErrorOptions extends ErrorOptions {
  /** Where the same sentence stands in the message files, below `said`: the interface says it in its reader's language. */
  key?: string
  /** What the sentence has blanks for. */
  values?: Record<string, string | number>
  /** Seconds after which asking again may help: the answer's Retry-After. */
  retryAfter?: number
}

/** What a caller is told of an error. */
export interface PublicError {
  code: ErrorCode
  message: string
  field?: string
  key?: string
  values?: Record<string, string | number>
  retryAfter?: number
}

/** By name, not by class: main.ts and Next each load their own copy of this module. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error
}

/** What may be shown of an error: an AppError's own words, and nothing of any other error. */
export function publicError(error: unknown): PublicError {
  if (isAppError(error) && error.code !== 'INTERNAL') {
    const { code, message, field, key, values, retryAfter } = error
    const told = Object.entries({ field, key, values, retryAfter }).filter(([, value]) => value !== undefined)
    return { code, message, ...Object.fromEntries(told) }
  }
  return { code: 'INTERNAL', message: 'Something went wrong on our side. It was recorded.' }
}
