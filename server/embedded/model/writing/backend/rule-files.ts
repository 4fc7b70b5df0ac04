/** `src/rules/*.js`: what holds between records, one file a rule, written only where the model has the rule. */

export const unique = `import { Refused } from '../errors.js'
import { say } from '../messages.js'

/** Refuses a value that another of the records has already; letters count alike, large or small. */
export function checkUnique(records, record, name, label, nameOf) {
  if (record[name] === null) return
  const plain = (value) => String(value).normalize('NFC').toLowerCase()
  const other = records.find((one) => one.id !== record.id && one[name] !== null && plain(one[name]) === plain(record[name]))
  if (other) throw new Refused(say.taken(label, nameOf(other)), { status: 409, field: name, conflict: other })
}
`

export const references = `import { Refused } from '../errors.js'
import { say } from '../messages.js'

/** Refuses a record whose references lead nowhere: to no record, or to nobody in the parent's list. */
export function checkReferences(fields, record, data, parent) {
  for (const [name, field] of Object.entries(fields)) {
    const value = record[name]
    const known =
      value === null ||
      (field.type === 'reference' && data[field.collection].some((target) => target.id === value)) ||
      (field.type === 'item' && parent[field.listField].includes(value)) ||
      (field.type === 'items' && value.every((entry) => parent[field.listField].includes(entry))) ||
      !['reference', 'item', 'items'].includes(field.type)
    if (!known) throw new Refused(say.unknown(field.label), { field: name })
  }
}
`

export const ordered = `import { Refused } from '../errors.js'
import { say } from '../messages.js'

/** Refuses a record whose \`upper\` value does not lie beyond its \`lower\` one. */
export function checkOrdered(fields, record, lower, upper) {
  if (record[lower] === null || record[upper] === null || record[upper] > record[lower]) return
  throw new Refused(say.notAfter(fields[upper].label, fields[lower].label), { field: upper })
}
`

export const overlap = `import { Refused } from '../errors.js'
import { say } from '../messages.js'

/**
 * Refuses a record that shares time with another one of the same \`within\` values. The end is not part of the span, so
 * one may begin where another ends.
 */
export function checkOverlap(records, record, { within, start, end, label, nameOf }) {
  if (record[start] === null || record[end] === null) return
  const other = records.find(
    (one) =>
      one.id !== record.id &&
      within.every((name) => one[name] === record[name]) &&
      one[start] !== null &&
      one[end] !== null &&
      one[start] < record[end] &&
      record[start] < one[end],
  )
  if (other) throw new Refused(say.overlaps(label, nameOf(other), other[start], other[end]), { status: 409, field: start, conflict: other })
}
`

export const inUse = `import { Refused } from '../errors.js'
import { say } from '../messages.js'

/** Refuses to let something go while one of the records names it in one of \`fields\`. */
export function refuseWhileUsed(records, fields, value, { name, label, nameOf }) {
  const other = records.find((record) => fields.some((field) => [record[field]].flat().includes(value)))
  if (other) throw new Refused(say.inUse(name, nameOf(other), label), { status: 409, conflict: other })
}
`

export const settlement = `/** Splits an amount evenly; what is left over goes to the first in the order of \`people\`, one cent each. */
export function split(amount, sharers, people) {
  const inOrder = [...people.filter((person) => sharers.includes(person)), ...sharers.filter((person) => !people.includes(person))]
  const share = Math.floor(amount / inOrder.length)
  const left = amount - share * inOrder.length
  return new Map(inOrder.map((person, place) => [person, share + (place < left ? 1 : 0)]))
}

/** What each has paid for others (above zero) or owes (below); \`entries\` are \`{ amount, payer, sharers }\`. The sum is zero. */
export function balancesOf(people, entries) {
  const balances = new Map(people.map((person) => [person, 0]))
  const put = (person, amount) => balances.set(person, (balances.get(person) ?? 0) + amount)
  for (const { amount, payer, sharers } of entries) {
    put(payer, amount)
    for (const [person, share] of split(amount, sharers, people)) put(person, -share)
  }
  return balances
}

/** Beyond this many open balances the search for the fewest payments would take too long. */
const MOST_SEARCHED = 14

/** Payments \`{ from, to, amount }\` that bring every balance to zero: as few as there can be, never more than people less one. */
export function settle(balances) {
  const open = [...balances].filter(([, amount]) => amount !== 0)
  const groups = open.length > MOST_SEARCHED ? [open] : zeroGroups(open)
  return groups.flatMap(settleGroup)
}

/** Within a group the one who owes most pays the one who is owed most; each payment settles at least one of the two. */
function settleGroup(group) {
  const rest = group.map(([person, amount]) => ({ person, amount }))
  const payments = []
  for (;;) {
    rest.sort((a, b) => a.amount - b.amount)
    const [from, to] = [rest[0], rest.at(-1)]
    if (!from || from.amount === 0) return payments
    const amount = Math.min(-from.amount, to.amount)
    payments.push({ from: from.person, to: to.person, amount })
    from.amount += amount
    to.amount -= amount
  }
}

/** Cuts open balances into as many groups as possible that each add up to zero: every group saves one payment. */
function zeroGroups(open) {
  const size = 1 << open.length
  const sums = new Float64Array(size)
  const most = new Int8Array(size)
  const last = new Int8Array(size).fill(-1)
  for (let set = 1; set < size; set++) {
    const lowest = 31 - Math.clz32(set & -set)
    sums[set] = sums[set & (set - 1)] + open[lowest][1]
    for (let place = 0; place < open.length; place++) {
      if (!(set & (1 << place))) continue
      const without = set ^ (1 << place)
      if (last[set] < 0 || most[without] > most[set]) {
        most[set] = most[without]
        last[set] = place
      }
    }
    if (sums[set] === 0) most[set]++
  }
  return groupsOf(open, sums, last)
}

/** Walks back the way that reached the most groups; where the rest adds up to zero, a group is complete. */
function groupsOf(open, sums, last) {
  const groups = []
  for (let set = (1 << open.length) - 1; set > 0; set ^= 1 << last[set]) {
    if (sums[set] === 0) groups.push([])
    groups.at(-1).push(open[last[set]])
  }
  return groups
}
`
