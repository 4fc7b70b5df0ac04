/** The API's kinds of errors and their statuses. */
export const errorStatus = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  overloaded_error: 529,
} as const

export type ErrorType = keyof typeof errorStatus

/** Thrown anywhere below the server; becomes an answer in the API's error shape. */
export class ApiError extends Error {
  constructor(
    readonly type: ErrorType,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message)
  }

  get status(): number {
    return errorStatus[this.type]
  }
}

export function errorBody(type: ErrorType, message: string, requestId: string): object {
  return { type: 'error', error: { type, message }, request_id: requestId }
}
