import { expect, test } from 'vitest'
import { type ApiDocument, type ApiEntry, byTag, matches } from './api-document.ts'
import { curlOf, noteOf, typeText } from './api-types.ts'

test('schemas read like types', () => {
  expect(typeText({ type: ['string', 'null'] })).toBe('string | null')
  expect(typeText({ type: 'array', items: { enum: ['a', 'b'] } })).toBe('("a" | "b")[]')
  expect(typeText({ anyOf: [{ const: 1 }, { type: 'null' }] })).toBe('1 | null')
  expect(typeText({})).toBe('any')
  const schema = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string', format: 'uuid' }, parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } } },
  }
  const schemas = { Part: { type: 'object', properties: { size: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } } } }
  expect(typeText(schema, schemas)).toBe('{\n  id: string  // uuid\n  parts?: {\n    size?: integer  // 0…\n  }[]\n}')
  expect(typeText({ type: 'object', additionalProperties: { type: 'number' } })).toBe('{\n  [name]: number\n}')
})

test('what refers to itself comes to an end', () => {
  expect(
    typeText(
      { $ref: '#/components/schemas/Tree' },
      { Tree: { type: 'object', properties: { next: { $ref: '#/components/schemas/Tree' } } } },
    ),
  ).toContain('…')
})

test('notes tell limits, defaults and descriptions', () => {
  expect(noteOf({ type: 'string', minLength: 1, maxLength: 20, default: 'a', description: 'A name' })).toBe('length 1…20, = "a", A name')
  expect(noteOf({ anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] })).toBe('date-time')
  expect(noteOf({ type: 'integer', minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })).toBe('')
})

const entry = (over: Partial<ApiEntry['operation']>, method = 'POST', path = '/api/rest/things/{name}'): ApiEntry => ({
  method,
  path,
  words: '',
  operation: { operationId: 'x', responses: {}, 'x-access': 'user', ...over },
})

test('commands can be pasted into a shell as they stand', () => {
  const parameters = [
    { name: 'name', in: 'path' as const, example: "a b's" },
    { name: 'from', in: 'query' as const, required: true, example: 'x&y' },
    { name: 'to', in: 'query' as const },
  ]
  const requestBody = { content: { 'application/json': { example: { text: "it's" } } } }
  expect(curlOf(entry({ parameters, requestBody }), 'http://localhost:3000')).toBe(
    `curl -X POST 'http://localhost:3000/api/rest/things/a%20b'\\''s?from=x%26y' \\
  -H "Authorization: Bearer $MAESTRO_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{
  "text": "it'\\''s"
}'`,
  )
  expect(curlOf(entry({ 'x-access': 'public' }, 'GET', '/api/rest/me'), 'http://x')).toBe("curl 'http://x/api/rest/me'")
  expect(curlOf(entry({ 'x-access': 'session' }), 'http://x')).toBeNull()
})

test('operations stand in groups, and are found by what they say', () => {
  const operation = { operationId: 'things-make', summary: 'Make a thing', tags: ['Things'], responses: {} }
  const paths = { '/b': { post: operation, get: { ...operation, tags: ['Other'] } }, '/a': { post: operation } }
  const groups = byTag({ info: { version: '1' }, servers: [], paths, components: {} } satisfies ApiDocument)
  expect(groups.map(([tag, entries]) => [tag, entries.map(({ method, path }) => `${method} ${path}`)])).toEqual([
    ['Other', ['GET /b']],
    ['Things', ['POST /a', 'POST /b']],
  ])
  const words = groups[1]?.[1][0]?.words ?? ''
  expect([matches(words, 'thing POST'), matches(words, ''), matches(words, 'thing get')]).toEqual([true, true, false])
})
