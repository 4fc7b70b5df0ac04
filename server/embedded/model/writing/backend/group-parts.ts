import type { AppModel, Entity, Rule } from '../../app-model.ts'
import { lines, member, quote } from '../code.ts'
import { entityOf, fieldOf, labelOf, parentKey } from '../shape.ts'

/** Routes of a record that stands for a group of people. */

/** Who owes whom: `{ balances: [{ name, amount }], payments: [{ from, to, amount }] }`. */
export function settlementRoute(model: AppModel, entity: Entity, rule: Extract<Rule, { kind: 'settlement' }>): string {
  const child = entityOf(model, rule.entity)
  if (!child) return ''
  return lines(
    `routes.get('/:id/${rule.path}', (c) => {`,
    `  const record = find(store.all(${quote(entity.plural)}), c.req.param('id'))`,
    `  const entries = store`,
    `    .all(${quote(child.plural)})`,
    `    .filter((one) => one.${parentKey(child)} === record.id)`,
    `    .map((one) => ({ amount: ${member('one', rule.amount)}, payer: ${member('one', rule.payer)}, sharers: ${member('one', rule.shares)} }))`,
    `  const balances = balancesOf(${member('record', rule.members)}, entries)`,
    '  return c.json({',
    '    balances: [...balances].map(([name, amount]) => ({ name, amount })),',
    '    payments: settle(balances),',
    '  })',
    '})',
  )
}

/** Takes one entry off a list of the record, unless it is in use. */
export function removeItemRoute(model: AppModel, entity: Entity, rule: Extract<Rule, { kind: 'refuseRemoveItem' }>): string {
  const field = fieldOf(entity, rule.field)
  if (!field || !entityOf(model, rule.entity)) return ''
  const list = member('record', rule.field)
  return lines(
    `routes.delete('/:id/${rule.field}/:item', async (c) => {`,
    '  const record = await store.change((data) => {',
    `    const record = find(data.${entity.plural}, c.req.param('id'))`,
    "    const entry = c.req.param('item')",
    `    if (!${list}.includes(entry)) throw new Refused(say.unknown(${quote(labelOf(field))}), { status: 404 })`,
    '    refuseRemoval(data, record, entry)',
    `    const left = ${list}.filter((one) => one !== entry)`,
    `    Object.assign(record, validate(fields, { ${rule.field}: left }, { partial: true }))`,
    '    return record',
    '  })',
    '  return c.json(record)',
    '})',
  )
}
