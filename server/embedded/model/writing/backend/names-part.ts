import type { AppModel, Entity } from '../../app-model.ts'
import { member } from '../code.ts'
import { entityOf, fieldOf } from '../shape.ts'

/** An expression that says how people call `record`, with `data` in scope where the name is another record's. */
export function nameExpression(model: AppModel, entity: Entity, record: string, data: string): string {
  const field = fieldOf(entity, entity.titleField)
  if (!field) return `${record}.id`
  const value = member(record, field.name)
  if (field.type === 'list' || field.type === 'items') return `${value}.join(', ')`
  if (field.type !== 'reference') return value
  const target = entityOf(model, field.target ?? '')
  const title = target && fieldOf(target, target.titleField)
  if (!target || !title || title.type === 'reference') return `${record}.id`
  return `${member(data, target.plural)}.find((one) => one.id === ${value})?.${title.name} ?? ''`
}
