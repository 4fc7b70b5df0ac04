import type { AppModel, Entity, Field } from '../../app-model.ts'
import { key, literal } from '../code.ts'
import { entityOf, labelOf } from '../shape.ts'

/** What `validate` has to know of a field, as one line of an object. */
function fieldLine(model: AppModel, field: Field): string {
  const target = field.type === 'reference' ? entityOf(model, field.target ?? '') : undefined
  const told = {
    label: labelOf(field),
    type: field.type,
    required: field.required || undefined,
    system: field.system || undefined,
    default: field.default ?? (field.system && ['integer', 'decimal', 'cents'].includes(field.type) ? 0 : undefined),
    minLength: field.minLength,
    maxLength: field.maxLength,
    min: field.min,
    max: field.max,
    minItems: field.minItems,
    schemes: field.type === 'url' ? (field.schemes ?? ['http', 'https']) : undefined,
    choices: field.type === 'choice' ? (field.choices ?? []) : undefined,
    collection: target?.plural,
    listField: ['item', 'items'].includes(field.type) ? field.listField : undefined,
  }
  return `  ${key(field.name)}: ${literal(told)},`
}

/** The `fields` of an entity's routes. */
export function fieldsPart(model: AppModel, entity: Entity): string {
  return ['export const fields = {', ...entity.fields.map((field) => fieldLine(model, field)), '}'].join('\n')
}
