import type { Entity, Rule } from '../../app-model.ts'
import { capital, lines, member, remark } from '../code.ts'

/** The handler of an entity's counter: counts, then leads on to the address, or answers the record. */
export function counterPart(entity: Entity, rule: Extract<Rule, { kind: 'counter' }>): string {
  const field = member('record', rule.field)
  const answer = rule.target ? `c.redirect(new URL(${member('record', rule.target)}).href)` : 'c.json(record)'
  return lines(
    `/** \`${remark(rule.route)}\` counts the visit${rule.target ? ' and leads on to the address' : ''}. */`,
    `export const open${capital(entity.name)} = (store) => async (c) => {`,
    "  const id = c.req.param('id')",
    '  const record = await store.change((data) => {',
    `    const record = find(data.${entity.plural}, id)`,
    `    if (c.req.raw.method === 'GET') ${field} = (${field} ?? 0) + 1`,
    '    return record',
    '  })',
    "  c.header('Cache-Control', 'no-store')",
    rule.target ? `  if (!${member('record', rule.target)}) return c.json(record)` : null,
    `  return ${answer}`,
    '}',
  )
}
