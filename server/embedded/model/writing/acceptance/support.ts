import type { AppModel, Entity } from '../../app-model.ts'
import { hole, indent, lines, quote } from '../code.ts'
import { sampleInput } from '../samples.ts'
import { entityOf, fill } from '../shape.ts'

/** What the tests share: sample input for each kind of record, and the calls that they all make. */

function kind(model: AppModel, entity: Entity, withParents: boolean): string {
  const parent = entityOf(model, entity.parent ?? '')
  const path = parent ? `(parent) => \`${fill(entity.route, hole('parent.id'))}\`` : `() => '${entity.route}'`
  const args = parent ? 'n, parent' : 'n'
  const input = sampleInput(model, entity)
  const isAsync = input.includes('await ') ? 'async ' : ''
  const usesN = /\bn\b/.test(input.replace(/^\s*\w+:/gm, ''))
  return lines(
    `${entity.plural}: {`,
    parent && withParents ? `  parent: ${quote(parent.plural)},` : null,
    `  path: ${path},`,
    `  input: ${isAsync}(${parent || usesN ? args : ''}) => (${indent(input).trimStart()}),`,
    '},',
  )
}

/** The object `kinds`; each with the name of its parent's where that is wanted. */
export function kindsPart(model: AppModel, withParents = false): string {
  return lines(
    '/** Valid input for each kind of record; `n` tells one from the other. */',
    'const kinds = {',
    ...model.entities.map((entity) => indent(kind(model, entity, withParents))),
    '}',
  )
}

export const helpers: [name: string, code: string][] = [
  [
    'create',
    `/** Adds a valid record and answers it. */
async function create(kind, n = 1, changes = {}, parent = undefined) {
  const answer = await request('POST', kind.path(parent), { ...(await kind.input(n, parent)), ...changes })
  assert.equal(answer.status, 201, \`a valid record is added: \${answer.text}\`)
  assert.equal(typeof answer.body.id, 'string')
  return answer.body
}`,
  ],
  [
    'listed',
    `/** The records of a list, over all its pages. */
async function listed(kind, query = {}, parent = undefined) {
  const items = []
  for (let page = 1; ; page++) {
    const answer = await request('GET', \`\${kind.path(parent)}?\${new URLSearchParams({ ...query, page })}\`)
    assert.equal(answer.status, 200)
    items.push(...answer.body.items)
    if (answer.body.items.length === 0 || items.length >= answer.body.total) return items
  }
}`,
  ],
  [
    'read',
    `/** One record as the app has it now. */
async function read(kind, record, parent = undefined) {
  const answer = await request('GET', \`\${kind.path(parent)}/\${record.id}\`)
  assert.equal(answer.status, 200)
  return answer.body
}`,
  ],
  [
    'assertRefused',
    `/** Refused, in words that name the field. */
function assertRefused(answer, field, label) {
  assert.equal(answer.status, 400, \`refused: \${answer.text}\`)
  assert.equal(answer.body.error.field, field)
  assert.ok([field, label].some((name) => answer.body.error.message.toLowerCase().includes(name.toLowerCase())), answer.text)
}`,
  ],
  [
    'assertConflict',
    `/** Refused because of another record, in words. */
function assertConflict(answer) {
  assert.equal(answer.status, 409, \`refused: \${answer.text}\`)
  assert.match(answer.body.error.message, /\\S/)
}`,
  ],
  ['serial', 'let serials = 1000\n/** A number that no other record has. */\nconst serial = () => ++serials'],
  ['ids', 'const ids = (records) => records.map((record) => record.id)'],
  ['sortedIds', 'const sortedIds = (records) => records.map((record) => record.id).sort()'],
  ['day', 'const day = (n) => new Date(Date.UTC(2031, 0, n)).toISOString().slice(0, 10)'],
  ['clock', 'const clock = (minutes) => new Date(minutes * 60_000).toISOString().slice(11, 16)'],
]

/** The start of the file: imports, sample input, and those helpers that `body` uses. */
export function support(model: AppModel, body: string): string[] {
  const input = kindsPart(model)
  const all = `${body}\n${input}`
  const used = helpers.filter(([name]) => new RegExp(`\\b${name}\\(`).test(all)).map(([, code]) => code)
  const calls = ['request', 'reset', 'restart'].filter((name) => new RegExp(`\\b${name}\\(`).test(`${all}\n${used.join('\n')}`))
  return [
    lines(
      "import assert from 'node:assert/strict'",
      "import { test } from 'node:test'",
      `import { ${calls.join(', ')} } from './harness.mjs'`,
    ),
    input,
    ...used,
  ]
}
