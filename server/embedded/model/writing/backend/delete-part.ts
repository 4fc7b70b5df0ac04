import type { AppModel, Entity } from '../../app-model.ts'
import { lines, quote } from '../code.ts'
import { childrenOf, parentKey, pointersTo } from '../shape.ts'
import { nameExpression } from './names-part.ts'

/** The route that deletes: refused while another record points here; what belongs to the record goes with it. */
export function deletePart(model: AppModel, entity: Entity, own: string): string {
  const name = nameExpression(model, entity, 'record', 'data')
  const pointers = pointersTo(model, entity).map(({ entity: other, field }) => {
    const nameOf = `(one) => ${nameExpression(model, other, 'one', 'data')}`
    const told = `{ name: ${name}, label: ${quote(other.label)}, nameOf: ${nameOf} }`
    return `    refuseWhileUsed(data.${other.plural}, [${quote(field.name)}], record.id, ${told})`
  })
  const children = childrenOf(model, entity).map(
    (child) => `    remove(data, ${quote(child.plural)}, (one) => one.${parentKey(child)} === record.id)`,
  )
  return lines(
    "routes.delete('/:id', async (c) => {",
    '  await store.change((data) => {',
    `    const record = ${own}`,
    ...pointers,
    ...children,
    `    remove(data, ${quote(entity.plural)}, (one) => one.id === record.id)`,
    '  })',
    '  return c.body(null, 204)',
    '})',
  )
}
