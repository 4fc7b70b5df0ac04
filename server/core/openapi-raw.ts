import type { JsonSchema } from './openapi-example.ts'
import type { Operation, Parameter } from './openapi-types.ts'

const text = { type: 'string' } as const
const inPath = (name: string, example: unknown, description?: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  ...(description && { description }),
  schema: name === 'number' ? { type: 'integer', minimum: 1 } : text,
  example,
})
const refused = (...statuses: number[]) =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/E${status}` }]))
const security: Operation['security'] = [{ session: [] }, { token: ['read'] }, {}]
const readable: Pick<Operation, 'security' | 'x-access' | 'x-scope'> = { security, 'x-access': 'reader', 'x-scope': 'read' }
const place = [inPath('service', 'bookmarks'), inPath('number', 12)]

const console: Operation = {
  operationId: 'console',
  summary: 'A build’s whole console as text',
  tags: ['Builds'],
  ...readable,
  parameters: [
    ...place,
    { name: 'stage', in: 'query', description: 'The key of one stage, to get its lines alone.', schema: text, example: 'verification' },
  ],
  responses: {
    200: { description: 'The lines, as a download', content: { 'text/plain': { schema: text } } },
    ...refused(401, 403, 404, 500),
  },
}

const artifact: Operation = {
  operationId: 'artifact',
  summary: 'An artifact as a download',
  tags: ['Artifacts'],
  ...readable,
  parameters: [...place, inPath('name', 'specification.md', 'The artifact’s name; its slashes stay slashes.')],
  responses: {
    200: { description: 'The bytes, under their own media type', content: { 'application/octet-stream': { schema: {} } } },
    ...refused(401, 403, 404, 500),
  },
}

const personalData: Operation = {
  operationId: 'account-export',
  summary: 'All that is known of you, as a JSON file',
  tags: ['Account'],
  security: [{ session: [] }],
  'x-access': 'session',
  'x-scope': 'read',
  responses: {
    200: { description: 'The file, as a download', content: { 'application/json': { schema: { type: 'object' } } } },
    ...refused(401, 403, 429, 500),
  },
}

const inQuery = (name: string, schema: JsonSchema, description: string): Parameter => ({ name, in: 'query', description, schema })
const auditLog: Operation = {
  operationId: 'audit-export',
  summary: 'The audit log as a file',
  description: 'It takes the same filters as the list of the audit log.',
  tags: ['Administration'],
  security: [{ session: [] }, { token: ['admin'] }],
  'x-access': 'admin',
  'x-scope': 'admin',
  parameters: [inQuery('format', { type: 'string', enum: ['csv', 'jsonl'], default: 'csv' }, 'How entries are written.')],
  responses: {
    200: { description: 'The file, as a download', content: { 'text/csv': { schema: text }, 'application/jsonl': { schema: text } } },
    ...refused(400, 401, 403, 500),
  },
}

const person = {
  google_id: '100000000000000000002',
  email: 'minji@example.com',
  name: 'Minji Kim',
  picture: null,
  verified_email: true,
  created_at: '2026-08-01T09:30:00.000Z',
  last_login: '2026-08-01T09:30:00.000Z',
}
const nullable = { type: ['string', 'null'] }
const personSchema = {
  type: 'object',
  required: Object.keys(person),
  properties: {
    google_id: text,
    email: { type: 'string', format: 'email' },
    name: nullable,
    picture: nullable,
    verified_email: { type: 'boolean' },
    created_at: { type: 'string', format: 'date-time' },
    last_login: { type: 'string', format: 'date-time' },
  },
}

const google: Operation = {
  operationId: 'google',
  summary: 'Sign in with an ID token of Google',
  description:
    'The token’s signature, issuer, audience and age are checked on the server; it is good for one sign-in. The answer sets the session’s cookie.',
  tags: ['Account'],
  security: [],
  'x-access': 'public',
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            token: { ...text, maxLength: 8192 },
            credential: { ...text, maxLength: 8192, description: 'Another name for `token`.' },
          },
        },
        example: { token: 'eyJhbGciOiJSUzI1NiIs…' },
      },
    },
  },
  responses: {
    200: {
      description: 'Signed in',
      headers: { 'Set-Cookie': { description: 'The session.', schema: text } },
      content: {
        'application/json': {
          schema: { type: 'object', required: ['success', 'user'], properties: { success: { const: true }, user: personSchema } },
          example: { success: true, user: person },
        },
      },
    },
    ...refused(400, 401, 403, 413, 415, 429, 500, 503),
  },
}

/** The addresses that are no procedures: downloads, which stream, and the sign-in, which sets a cookie. */
export const rawPaths = (): Record<string, Record<string, Operation>> => ({
  '/api/auth/google': { post: google },
  '/api/account/export': { get: personalData },
  '/api/audit': { get: auditLog },
  '/api/console/{service}/{number}': { get: console },
  '/api/artifacts/{service}/{number}/{name}': { get: artifact },
})
