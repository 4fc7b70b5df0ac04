import type { Entity } from '../../app-model.ts'
import { hole, key, literal, member, quote } from '../code.ts'
import { names } from '../samples.ts'
import { entityOf, fieldOf, parentKey, rulesOf } from '../shape.ts'
import type { Scene, Writer } from './scene.ts'

/** Tests about records that others belong to or point to. */

type Settlement = NonNullable<ReturnType<typeof settlementOf>>

function settlementOf({ model, entity }: Scene) {
  const rule = rulesOf(entity, 'settlement')[0]
  const child = rule && entityOf(model, rule.entity)
  return rule && child ? { rule, child } : null
}

/** A call that adds one shared cost. */
function shared({ rule, child }: Settlement, n: number | string, amount: string, payer: string, sharers: string): string {
  const changes = `{ ${key(rule.amount)}: ${amount}, ${key(rule.payer)}: ${payer}, ${key(rule.shares)}: ${sharers} }`
  return `await create(kinds.${child.plural}, ${n}, ${changes}, group)`
}

function groupOf({ kind }: Scene, field: string, people: string): string {
  return `const group = await create(${kind}, 1, { ${key(field)}: ${people} })`
}

export const settlement: Writer<'settlement'> = (scene, check) => {
  const settling = settlementOf(scene)
  if (!settling) return null
  const people = names(check.members)
  const name = (index: number) => people[index] ?? 'A'
  const payments = check.payments.map((one) => ({ from: name(one.from), to: name(one.to), amount: one.amountCents }))
  payments.sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1))
  return [
    groupOf(scene, settling.rule.members, literal(people)),
    shared(settling, 1, String(check.amountCents), quote(name(check.payer)), literal(check.sharers.map(name))),
    `const answer = await request('GET', \`\${${scene.path}}/\${group.id}/${settling.rule.path}\`)`,
    'assert.equal(answer.status, 200)',
    'const payments = answer.body.payments.sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1))',
    'assert.deepEqual(payments, [',
    ...payments.map((one) => `  ${literal(one)},`),
    '])',
  ]
}

export const zeroSum: Writer<'zeroSum'> = (scene) => {
  const settling = settlementOf(scene)
  if (!settling) return null
  const people = names(5)
  const costs = [
    { amount: 10_001, payer: 'A', sharers: people },
    { amount: 700, payer: 'C', sharers: ['A', 'B', 'D'] },
    { amount: 333, payer: 'E', sharers: ['E', 'B'] },
    { amount: 101, payer: 'D', sharers: ['A'] },
  ]
  return [
    `const people = ${literal(people)}`,
    groupOf(scene, settling.rule.members, 'people'),
    'const costs = [',
    ...costs.map((cost) => `  ${literal(cost)},`),
    ']',
    'for (const { amount, payer, sharers } of costs) {',
    `  ${shared(settling, 1, 'amount', 'payer', 'sharers')}`,
    `  const answer = await request('GET', \`\${${scene.path}}/\${group.id}/${settling.rule.path}\`)`,
    '  assert.equal(answer.status, 200)',
    '  const balances = new Map(answer.body.balances.map((one) => [one.name, one.amount]))',
    '  assert.deepEqual([...balances.keys()].sort(), people)',
    '  assert.ok([...balances.values()].some((balance) => balance !== 0))',
    '  assert.equal([...balances.values()].reduce((sum, balance) => sum + balance, 0), 0)',
    '  assert.ok(answer.body.payments.length <= people.length - 1)',
    '  for (const payment of answer.body.payments) {',
    '    assert.ok(Number.isInteger(payment.amount) && payment.amount > 0, answer.text)',
    '    balances.set(payment.from, balances.get(payment.from) + payment.amount)',
    '    balances.set(payment.to, balances.get(payment.to) - payment.amount)',
    '  }',
    '  assert.deepEqual([...balances.values()], people.map(() => 0))',
    '}',
  ]
}

export const refuseRemoveItem: Writer<'refuseRemoveItem'> = (scene, check) => {
  const { model, entity, path, read } = scene
  const rule = rulesOf(entity, 'refuseRemoveItem').find((one) => one.field === check.field)
  const child = rule && entityOf(model, rule.entity)
  if (!rule || !child) return null
  const named = rule.fields.map((name) => `${key(name)}: ${fieldOf(child, name)?.type === 'item' ? "'A'" : "['A', 'B']"}`)
  const several = rule.fields.some((name) => fieldOf(child, name)?.type !== 'item')
  const item = (name: string) => `\`\${${path}}/\${group.id}/${rule.field}/${name}\``
  const list = member(`(${read('group')})`, rule.field)
  const body = [
    groupOf(scene, rule.field, "['A', 'B', 'C']"),
    `await create(kinds.${child.plural}, 1, { ${named.join(', ')} }, group)`,
    `for (const name of ${several ? "['A', 'B']" : "['A']"}) assertConflict(await request('DELETE', ${item(hole('name'))}))`,
    `assert.deepEqual(${list}, ['A', 'B', 'C'])`,
  ]
  if (entity.operations.includes('update')) {
    body.push(
      `assertConflict(await request('PATCH', \`\${${path}}/\${group.id}\`, { ${key(rule.field)}: ['B', 'C'] }))`,
      `assert.deepEqual(${list}, ['A', 'B', 'C'])`,
    )
  }
  return [
    ...body,
    `assert.ok([200, 204].includes((await request('DELETE', ${item('C')})).status))`,
    `assert.deepEqual(${list}, ['A', 'B'])`,
  ]
}

/** The call that adds a record which points to `target` through the rule's field. */
function pointing(other: Entity, field: string): string {
  if (other.parent && field === parentKey(other)) return `await create(kinds.${other.plural}, 1, {}, target)`
  const value = fieldOf(other, field)?.type === 'items' ? '[target.id]' : 'target.id'
  return `await create(kinds.${other.plural}, 1, { ${key(field)}: ${value} })`
}

export const refuseDelete: Writer<'refuseDelete'> = ({ model, entity, before, path, create, read }) => {
  const rule = rulesOf(entity, 'refuseDelete')[0]
  const other = rule && entityOf(model, rule.entity)
  if (!rule || !other || (other.parent && rule.field !== parentKey(other))) return null
  const otherPath = `kinds.${other.plural}.path(${other.parent ? 'target' : ''})`
  const body = [
    ...before,
    `const target = ${create(9)}`,
    `const user = ${pointing(other, rule.field)}`,
    `assertConflict(await request('DELETE', \`\${${path}}/\${target.id}\`))`,
    `assert.deepEqual(${read('target')}, target)`,
  ]
  if (!other.operations.includes('delete')) return body
  return [
    ...body,
    `assert.equal((await request('DELETE', \`\${${otherPath}}/\${user.id}\`)).status, 204)`,
    `assert.equal((await request('DELETE', \`\${${path}}/\${target.id}\`)).status, 204)`,
  ]
}
