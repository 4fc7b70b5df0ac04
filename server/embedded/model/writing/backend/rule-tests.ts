import type { Rule } from '../../app-model.ts'

/** Unit tests of the rules that have arithmetic in them. */

const settlement = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { balancesOf, settle, split } from '../src/rules/settlement.js'

const pay = (payer, amount, ...sharers) => ({ payer, amount, sharers })

test('odd cents go to the first in the list, whatever order they are named in', () => {
  assert.deepEqual([...split(100, ['C', 'B', 'A'], ['A', 'B', 'C'])], [['A', 34], ['B', 33], ['C', 33]])
  assert.deepEqual([...split(101, ['B', 'C'], ['A', 'B', 'C'])], [['B', 51], ['C', 50]])
  assert.deepEqual([...split(1, ['B', 'C'], ['A', 'B', 'C'])], [['B', 1], ['C', 0]])
})

test('one pays for all', () => {
  const balances = balancesOf(['A', 'B', 'C'], [pay('A', 10_000, 'A', 'B', 'C')])
  assert.deepEqual([...balances], [['A', 6666], ['B', -3333], ['C', -3333]])
  assert.deepEqual(settle(balances).sort((a, b) => (a.from < b.from ? -1 : 1)), [
    { from: 'B', to: 'A', amount: 3333 },
    { from: 'C', to: 'A', amount: 3333 },
  ])
})

test('two pairs that owe nothing to each other settle in two payments', () => {
  const balances = new Map([['A', 500], ['B', 300], ['C', -300], ['D', -500]])
  assert.equal(settle(balances).length, 2)
})

test('the fewest payments are found where paying the largest first would need more', () => {
  const balances = new Map([['A', 600], ['B', 500], ['C', -400], ['D', -400], ['E', -200], ['F', -100]])
  assert.equal(settle(balances).length, 4)
})

test('any group is settled to zero with fewer payments than people', () => {
  for (const size of [2, 5, 13, 40]) {
    const people = Array.from({ length: size }, (_, place) => \`P\${place}\`)
    const entries = people.map((person, place) => pay(person, 1001 + place * 337, ...people.slice(0, (place % size) + 1)))
    const balances = balancesOf(people, entries)
    assert.equal([...balances.values()].reduce((sum, amount) => sum + amount, 0), 0)
    const payments = settle(balances)
    assert.ok(payments.length < size)
    for (const { from, to, amount } of payments) {
      assert.ok(amount > 0)
      balances.set(from, balances.get(from) + amount)
      balances.set(to, balances.get(to) - amount)
    }
    assert.deepEqual([...balances.values()], people.map(() => 0))
  }
})

test('nobody owes anything, nobody pays', () => {
  assert.deepEqual(settle(balancesOf(['A', 'B'], [])), [])
})
`

const overlap = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkOverlap } from '../src/rules/overlap.js'

const rule = { within: ['place'], start: 'from', end: 'to', label: 'entry', nameOf: (one) => one.id }
const taken = { id: 'taken', place: 'a', from: 4, to: 8 }
const check = (from, to, place = 'a', id = 'new') => checkOverlap([taken], { id, place, from, to }, rule)

test('what shares time in the same place is refused with the other one', () => {
  for (const [from, to] of [[4, 8], [5, 6], [0, 5], [7, 9], [0, 9]]) {
    assert.throws(() => check(from, to), (error) => error.status === 409 && error.conflict === taken && error.message.includes('taken'))
  }
})

test('what only touches, stands elsewhere, or is the same record is let through', () => {
  check(0, 4)
  check(8, 9)
  check(4, 8, 'b')
  check(5, 9, 'a', 'taken')
})
`

export const ruleTests: { kind: Rule['kind']; path: string; content: string }[] = [
  { kind: 'settlement', path: 'test/settlement.test.js', content: settlement },
  { kind: 'overlap', path: 'test/overlap.test.js', content: overlap },
]
