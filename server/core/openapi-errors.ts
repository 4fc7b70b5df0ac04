import { errorCodes } from './errors.ts'

const statuses = {
  400: 'The request could not be read, or its input was refused; `details.fields` names each bad field.',
  401: 'Nobody is signed in, or the API token is unknown or has expired.',
  403: 'The caller may not do this; `details.reason` says why.',
  404: 'There is no such thing, or it is none of the caller’s business.',
  409: 'It contradicts what is there already.',
  413: 'The body is too long.',
  415: 'The body is not sent as application/json.',
  429: 'Too many of these at once; Retry-After says when to come back.',
  500: 'Something went wrong on the server. X-Request-Id finds it in the logs.',
  503: 'Something this server depends on is away; it is worth asking again later.',
} as const

/** The envelope of every refusal. */
export const errorSchema = {
  type: 'object',
  required: ['success', 'error_code', 'message', 'details'],
  properties: {
    success: { const: false },
    error_code: { type: 'string', enum: [...errorCodes] },
    message: { type: 'string', description: 'For people, in English.' },
    details: {
      type: ['object', 'null'],
      properties: {
        fields: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'message'],
            properties: { field: { type: 'string' }, message: { type: 'string' } },
          },
        },
        reason: { type: 'string', description: 'One word for programs; it stays the same when the message changes.' },
        retryAfter: { type: 'integer', description: 'Seconds.' },
      },
    },
  },
}

/** The refusals as components, one for each status: `E404`. */
export function errorResponses() {
  const headers = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
  return Object.fromEntries(Object.entries(statuses).map(([status, description]) => [`E${status}`, { description, headers, content }]))
}
