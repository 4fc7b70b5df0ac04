import type { Entity, Field } from '../../app-model.ts'
import { key, literal, member, quote } from '../code.ts'
import { fieldOf } from '../shape.ts'
import type { Writer } from './scene.ts'

/** Tests about single records. */

export const refused: Writer<'refused'> = ({ entity, kind, before, parent, path, create, list }, check) => {
  const field = fieldOf(entity, check.field)
  if (!field || check.values.length === 0) return null
  const told = `${quote(field.name)}, ${quote(field.label)}`
  const body = [...before, `const good = ${create(1)}`, `const input = await ${kind}.input(2${parent})`]
  const values = check.values.flatMap((one) => ('value' in one ? [literal(one.value)] : []))
  if (check.values.some((one) => 'missing' in one)) {
    body.push(`const { ${key(field.name)}: _, ...without } = input`, `assertRefused(await request('POST', ${path}, without), ${told})`)
  }
  if (values.length > 0) {
    body.push(`for (const value of [${values.join(', ')}]) {`)
    body.push(`  assertRefused(await request('POST', ${path}, { ...input, ${key(field.name)}: value }), ${told})`)
    if (entity.operations.includes('update')) {
      body.push(`  assertRefused(await request('PATCH', \`\${${path}}/\${good.id}\`, { ${key(field.name)}: value }), ${told})`)
    }
    body.push('}')
  }
  return [...body, `assert.deepEqual(ids(${list()}), [good.id])`]
}

/** A field that an edit can change without touching what others depend on. */
function editable(entity: Entity): Field | undefined {
  const plain = entity.fields.filter(
    (field) => !field.system && ['text', 'longtext', 'url', 'email', 'integer', 'decimal', 'cents'].includes(field.type),
  )
  const spans = new Set(
    entity.rules.flatMap((rule) =>
      rule.kind === 'overlap' ? [rule.start, rule.end] : rule.kind === 'ordered' ? [rule.lower, rule.upper] : [],
    ),
  )
  return plain.find((field) => field.name === entity.titleField) ?? plain.find((field) => !spans.has(field.name))
}

export const persists: Writer<'persists'> = ({ entity, before, path, create, list, read, kind, parent }) => {
  const body = [
    ...before,
    `const record = ${create(1)}`,
    'await restart()',
    `assert.deepEqual(${list()}, [record])`,
    `assert.deepEqual(${read('record')}, record)`,
  ]
  const field = editable(entity)
  if (entity.operations.includes('update') && field) {
    const name = key(field.name)
    body.push(
      `const { ${name}: value } = await ${kind}.input(2${parent})`,
      `assert.equal((await request('PATCH', \`\${${path}}/\${record.id}\`, { ${name}: value })).status, 200)`,
      'await restart()',
      `assert.deepEqual(${member(`(${read('record')})`, field.name)}, value)`,
    )
  }
  if (entity.operations.includes('delete')) {
    body.push(
      `assert.equal((await request('DELETE', \`\${${path}}/\${record.id}\`)).status, 204)`,
      'await restart()',
      `assert.deepEqual(${list()}, [])`,
    )
  }
  return body
}

export const create: Writer<'create'> = ({ before, kind, parent, path, list, read }) => [
  ...before,
  `const input = await ${kind}.input(1${parent})`,
  `const answer = await request('POST', ${path}, input)`,
  'assert.equal(answer.status, 201)',
  `assert.equal(typeof answer.body.id, 'string')`,
  `const record = ${read('answer.body')}`,
  'for (const [name, value] of Object.entries(input)) assert.deepEqual(record[name], value, name)',
  `assert.deepEqual(ids(${list()}), [record.id])`,
]

export const update: Writer<'update'> = ({ entity, before, kind, parent, path, create: add, read }) => {
  const field = editable(entity)
  if (!field) return null
  const name = key(field.name)
  return [
    ...before,
    `const other = ${add(1)}`,
    `const record = ${add(2)}`,
    `const { ${name}: value } = await ${kind}.input(3${parent})`,
    `const answer = await request('PATCH', \`\${${path}}/\${record.id}\`, { ${name}: value })`,
    'assert.equal(answer.status, 200)',
    `const now = ${read('record')}`,
    `assert.deepEqual({ ...now, updatedAt: undefined }, { ...record, ${name}: value, updatedAt: undefined })`,
    `assert.deepEqual(${read('other')}, other)`,
    `assert.equal((await request('PATCH', \`\${${path}}/unknown\`, { ${name}: value })).status, 404)`,
  ]
}

export const remove: Writer<'delete'> = ({ before, path, create: add, list }) => [
  ...before,
  `const kept = ${add(1)}`,
  `const record = ${add(2)}`,
  `assert.equal((await request('DELETE', \`\${${path}}/\${record.id}\`)).status, 204)`,
  `assert.equal((await request('GET', \`\${${path}}/\${record.id}\`)).status, 404)`,
  `assert.deepEqual(ids(${list()}), [kept.id])`,
]

export const unique: Writer<'unique'> = ({ entity, before, kind, parent, path, create: add, list }, check) => {
  const field = fieldOf(entity, check.field)
  if (!field) return null
  const taken = `${key(field.name)}: ${member('first', field.name)}`
  const refusal = (answer: string) => [
    `  assert.ok([400, 409].includes(${answer}.status), ${answer}.text)`,
    `  assert.equal(${answer}.body.error.field, ${quote(field.name)})`,
  ]
  const calls = [`await request('POST', ${path}, { ...(await ${kind}.input(3${parent})), ${taken} })`]
  if (entity.operations.includes('update')) calls.push(`await request('PATCH', \`\${${path}}/\${second.id}\`, { ${taken} })`)
  return [
    ...before,
    `const first = ${add(1)}`,
    `const second = ${add(2)}`,
    'const answers = [',
    ...calls.map((call) => `  ${call},`),
    ']',
    'for (const answer of answers) {',
    ...refusal('answer'),
    '}',
    `assert.deepEqual(sortedIds(${list()}), sortedIds([first, second]))`,
  ]
}

export const defaults: Writer<'default'> = ({ entity, before, kind, parent, path, read }, check) => {
  const field = fieldOf(entity, check.field)
  if (!field) return null
  return [
    ...before,
    `const { ${key(field.name)}: _, ...input } = await ${kind}.input(1${parent})`,
    `const answer = await request('POST', ${path}, input)`,
    'assert.equal(answer.status, 201)',
    `assert.equal(${member(`(${read('answer.body')})`, field.name)}, ${literal(check.value)})`,
  ]
}

export const notFound: Writer<'notFound'> = ({ entity, before, path, create: add, read }) => {
  const methods = [
    'GET',
    ...(entity.operations.includes('update') ? ['PATCH'] : []),
    ...(entity.operations.includes('delete') ? ['DELETE'] : []),
  ]
  return [
    ...before,
    `const record = ${add(1)}`,
    `for (const method of ${literal(methods)}) {`,
    `  assert.equal((await request(method, \`\${${path}}/unknown\`, method === 'PATCH' ? {} : undefined)).status, 404)`,
    '}',
    `assert.deepEqual(${read('record')}, record)`,
  ]
}
