import type { AppModel, Entity } from '../../app-model.ts'
import { lines, literal, quote } from '../code.ts'
import { labelOf, rulesOf } from '../shape.ts'
import { nameExpression } from './names-part.ts'

/** The function `check` of an entity's routes: what must hold for a record among the others; null where nothing must. */
export function checkPart(model: AppModel, entity: Entity): string | null {
  const records = entity.parent ? `ofParent(data.${entity.plural}, parent.id)` : `data.${entity.plural}`
  const nameOf = `(one) => ${nameExpression(model, entity, 'one', 'data')}`
  const references = entity.fields.some((field) => ['reference', 'item', 'items'].includes(field.type))
  const calls = [
    references && `  checkReferences(fields, record, data${entity.parent ? ', parent' : ''})`,
    ...rulesOf(entity, 'ordered').map((rule) => `  checkOrdered(fields, record, ${quote(rule.lower)}, ${quote(rule.upper)})`),
    ...entity.fields
      .filter((field) => field.unique)
      .map((field) => `  checkUnique(${records}, record, ${quote(field.name)}, ${quote(labelOf(field))}, ${nameOf})`),
    ...rulesOf(entity, 'overlap').map((rule) => {
      const span = { within: rule.within, start: rule.start, end: rule.end, label: entity.label }
      const told = Object.entries(span).map(([name, value]) => `    ${name}: ${literal(value)},`)
      return lines(`  checkOverlap(${records}, record, {`, ...told, `    nameOf: ${nameOf},`, '  })')
    }),
  ].filter((call): call is string => typeof call === 'string')
  if (calls.length === 0) return null
  const args = entity.parent ? 'data, record, parent' : 'data, record'
  return lines(
    '/** What must hold for a record among the others; throws what is to be refused. */',
    `function check(${args}) {`,
    ...calls,
    '}',
  )
}
