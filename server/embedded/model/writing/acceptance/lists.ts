import type { Entity, Field } from '../../app-model.ts'
import { hole, key, literal, member, quote } from '../code.ts'
import { twoValues } from '../samples.ts'
import { entityOf, fieldOf, rulesOf } from '../shape.ts'
import type { Scene, Writer } from './scene.ts'

/** Tests about lists. */

/** Lines that define `wanted` and `other`, two values of the field. */
function values({ model }: Scene, field: Field, value?: string): string[] | null {
  const target = entityOf(model, field.target ?? '')
  if (field.type === 'reference' && target) {
    return [`const wanted = (await create(kinds.${target.plural}, 1)).id`, `const other = (await create(kinds.${target.plural}, 2)).id`]
  }
  if (field.type === 'item') return [`const [wanted, other] = parent.${field.listField}`]
  if (field.type === 'items') return [`const wanted = [parent.${field.listField}[0]]`, `const other = [parent.${field.listField}[1]]`]
  const two = twoValues(field, value)
  return two ? [`const wanted = ${two[0]}`, `const other = ${two[1]}`] : null
}

export const filter: Writer<'filter'> = (scene, check) => {
  const { entity, before, create, list } = scene
  const field = fieldOf(entity, check.field)
  const two = field && values(scene, field, check.value)
  if (!field || !two) return null
  const name = key(field.name)
  const many = field.type === 'list' || field.type === 'items'
  const body = [...before, ...two, `const first = ${create(1, `{ ${name}: wanted }`)}`, `const second = ${create(2, `{ ${name}: other }`)}`]
  const matching = ['first']
  if (!field.unique) {
    body.push(`const third = ${create(3, `{ ${name}: ${many ? '[...other, ...wanted]' : 'wanted'} }`)}`)
    matching.push('third')
  }
  if (field.type === 'list') body.push(`${create(4, `{ ${name}: [\`\${wanted[0]}-and-more\`] }`)}`)
  const asked = many ? 'wanted[0]' : field.type === 'boolean' ? 'String(wanted)' : 'wanted'
  const param = check.param === asked ? check.param : `${key(check.param)}: ${asked}`
  return [
    ...body,
    `assert.deepEqual(sortedIds(${list(`{ ${param} }`)}), sortedIds([${matching.join(', ')}]))`,
    `assert.ok(ids(${list()}).includes(second.id))`,
  ]
}

function searchSample(field: Field): string | null {
  if (field.type === 'text' || field.type === 'longtext') return quote((field.maxLength ?? 99) < 24 ? 'Zephyr' : 'Before Zephyr after')
  if (field.type === 'list') return "['Zephyr']"
  return field.type === 'url' ? "'https://example.com/zephyr'" : null
}

export const search: Writer<'search'> = ({ entity, before, create, list }, check) => {
  const fields = check.fields.flatMap((name) => fieldOf(entity, name) ?? []).filter((field) => searchSample(field) !== null)
  if (fields.length === 0) return null
  const made = fields.map(
    (field, place) => `const found${place + 1} = ${create(place + 2, `{ ${key(field.name)}: ${searchSample(field)} }`)}`,
  )
  const found = fields.map((_, place) => `found${place + 1}`).join(', ')
  return [
    ...before,
    `const other = ${create(1)}`,
    ...(fields.some((field) => field.unique) ? made.slice(0, 1) : made),
    `assert.deepEqual(sortedIds(${list("{ q: 'zephyr' }")}), sortedIds([${fields.some((field) => field.unique) ? 'found1' : found}]))`,
    `assert.deepEqual(${list("{ q: 'zephyr-without-match' }")}, [])`,
    `assert.ok(ids(${list()}).includes(other.id))`,
  ]
}

/** Values in rising order for a field whose sample values do not rise with `n`. */
function rising(entity: Entity, name: string): string[] | null {
  const field = fieldOf(entity, name)
  if (!field) return name === 'createdAt' ? [] : null
  if (['list', 'items', 'reference', 'item', 'boolean', 'url', 'email'].includes(field.type)) return null
  if (field.type === 'choice') return (field.choices?.length ?? 0) >= 3 ? (field.choices ?? []).slice(0, 3).map(quote) : null
  if (field.system) return null
  return []
}

export const order: Writer<'order'> = ({ entity, before, create, list }, check) => {
  const values = rising(entity, check.field)
  if (values === null) return null
  const made = (n: number) => create(n, values[n - 1] ? `{ ${key(check.field)}: ${values[n - 1]} }` : undefined)
  // A list by time of creation gets its records in their order; any other gets them out of order.
  const sequence = check.field === 'createdAt' ? [1, 2, 3] : [2, 3, 1]
  const names = ['', 'first', 'second', 'third']
  const expected = check.direction === 'asc' ? 'first, second, third' : 'third, second, first'
  return [...before, ...sequence.map((n) => `const ${names[n]} = ${made(n)}`), `assert.deepEqual(ids(${list()}), ids([${expected}]))`]
}

export const paging: Writer<'paging'> = ({ before, path, create }, check) => [
  ...before,
  'const made = []',
  `for (let n = 1; n <= ${check.pageSize + 1}; n++) made.push(${create('n')})`,
  `const first = await request('GET', ${path})`,
  'assert.equal(first.status, 200)',
  `assert.equal(first.body.items.length, ${check.pageSize})`,
  `assert.equal(first.body.total, ${check.pageSize + 1})`,
  `const second = await request('GET', \`\${${path}}?page=2\`)`,
  'assert.equal(second.status, 200)',
  'assert.equal(second.body.items.length, 1)',
  'assert.deepEqual(sortedIds([...first.body.items, ...second.body.items]), sortedIds(made))',
]

export const sum: Writer<'sum'> = ({ entity, before, path, create }, check) => {
  const rule = rulesOf(entity, 'sum').find((one) => one.field === check.field)
  if (!rule) return null
  return [
    ...before,
    `const empty = await request('GET', \`\${${path}}/${rule.path}\`)`,
    'assert.equal(empty.status, 200)',
    'assert.equal(empty.body.sum, 0)',
    'const records = []',
    `for (const n of [1, 2, 3]) records.push(${create('n')})`,
    `const expected = records.reduce((total, record) => total + ${member('record', rule.field)}, 0)`,
    `const answer = await request('GET', \`\${${path}}/${rule.path}\`)`,
    'assert.equal(answer.status, 200)',
    'assert.equal(answer.body.sum, Number(expected.toFixed(6)))',
  ]
}

export const counter: Writer<'counter'> = ({ entity, before, create, list }, check) => {
  const rule = rulesOf(entity, 'counter').find((one) => one.field === check.field)
  if (!rule) return null
  const field = (record: string) => member(record, rule.field)
  const visit = `await request('GET', \`${rule.route.replace(/:\w+/, hole('record.id'))}\`)`
  const led = rule.target
    ? [
        `assert.ok([301, 302, 303, 307, 308].includes(visit.status), \`leads on: \${visit.status}\`)`,
        `assert.equal(visit.headers.location, ${member('record', rule.target)})`,
      ]
    : ['assert.equal(visit.status, 200)']
  return [
    ...before,
    `const other = ${create(1)}`,
    `const record = ${create(2)}`,
    `const count = async ({ id }) => ${field('(LIST).find((one) => one.id === id)').replace('LIST', list())}`,
    'for (const times of [1, 2]) {',
    `  const visit = ${visit}`,
    ...led.map((line) => `  ${line}`),
    `  assert.equal(await count(record), ${field('record')} + times)`,
    '}',
    `assert.equal(await count(other), ${field('other')})`,
    `assert.equal((await request('GET', ${literal(rule.route.replace(/:\w+/, 'unknown'))})).status, 404)`,
  ]
}
