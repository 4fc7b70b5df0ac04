import type { AppModel, Entity, Field } from '../../app-model.ts'
import { capital, key, literal, quote } from '../code.ts'
import { childrenOf, entityOf, labelOf, rulesOf } from '../shape.ts'

/** `public/model.js`: what the page knows of the records. */

/** List fields that children choose out of: they are edited on the record's own page. */
function editors(model: AppModel, entity: Entity): string[] {
  const chosen = new Set(childrenOf(model, entity).flatMap((child) => child.fields.map((field) => field.listField)))
  const kept = new Set(rulesOf(entity, 'refuseRemoveItem').map((rule) => rule.field))
  return entity.fields
    .filter((field) => field.type === 'list' && (chosen.has(field.name) || kept.has(field.name)))
    .map((field) => field.name)
}

/** Whether a record has a page of its own, with all that belongs to it. */
export function hasPage(model: AppModel, entity: Entity): boolean {
  if (entity.parent) return false
  return childrenOf(model, entity).length > 0 || rulesOf(entity, 'settlement').length > 0 || editors(model, entity).length > 0
}

function fieldLiteral(model: AppModel, field: Field): string {
  const target = entityOf(model, field.target ?? '')
  return literal({
    name: field.name,
    label: labelOf(field),
    type: field.type,
    required: field.required || undefined,
    system: field.system || undefined,
    default: field.default,
    choices: field.type === 'choice' ? (field.choices ?? []) : undefined,
    target: field.type === 'reference' ? target?.plural : undefined,
    targetLabel: field.type === 'reference' ? target?.label : undefined,
    listField: ['item', 'items'].includes(field.type) ? field.listField : undefined,
  })
}

/** What a list is grouped by: the place and day that its spans of time are kept apart by. */
function groupBy(entity: Entity): string[] {
  const within = rulesOf(entity, 'overlap')[0]?.within ?? []
  const rank = (name: string) => (entity.fields.find((field) => field.name === name)?.type === 'date' ? 0 : 1)
  return [...within].sort((a, b) => rank(a) - rank(b))
}

function entityLiteral(model: AppModel, entity: Entity): string {
  const counter = rulesOf(entity, 'counter')[0]
  const told: [string, unknown][] = [
    ['name', entity.plural],
    ['path', entity.route],
    ['parent', entity.parent ? entityOf(model, entity.parent)?.plural : undefined],
    ['label', entity.label],
    ['labelPlural', entity.labelPlural],
    ['heading', capital(entity.labelPlural)],
    ['titleField', entity.titleField],
    ['operations', entity.operations],
    ['deleteLabel', capital(entity.deleteLabel ?? (model.language === 'ko' ? '삭제' : 'Delete'))],
    ['search', entity.search.length > 0],
    ['filters', entity.filters],
    ['groupBy', groupBy(entity)],
    ['counter', counter ? { path: counter.route, target: counter.target ?? undefined } : undefined],
    ['hasPage', hasPage(model, entity)],
    ['children', childrenOf(model, entity).map((child) => child.plural)],
    ['editors', editors(model, entity)],
    ['settlement', rulesOf(entity, 'settlement')[0]?.path],
  ]
  const lines = told.filter(([, value]) => value !== undefined).map(([name, value]) => `    ${name}: ${literal(value)},`)
  const fields = entity.fields.map((field) => `      ${fieldLiteral(model, field)},`)
  return [`  ${key(entity.plural)}: {`, ...lines, '    fields: [', ...fields, '    ],', '  },'].join('\n')
}

/** The list that people come for: the top one with most criteria about it, or about what belongs to it. */
function firstEntity(model: AppModel): string {
  const top = model.entities.filter((entity) => !entity.parent)
  const about = model.criteria.flatMap((criterion) => criterion.checks.flatMap((check) => ('entity' in check ? [check.entity] : [])))
  const weight = (entity: Entity) => about.filter((name) => name === entity.name || entityOf(model, name)?.parent === entity.name).length
  const first = top.reduce<Entity | undefined>((best, entity) => (best && weight(best) >= weight(entity) ? best : entity), undefined)
  return first?.plural ?? ''
}

export function modelFile(model: AppModel): string {
  return `/** What the page shows: each kind of record with its fields, and what can be done with it. */
export const entities = {
${model.entities.map((entity) => entityLiteral(model, entity)).join('\n')}
}

/** The list that the page opens with. */
export const firstEntity = ${quote(firstEntity(model))}

export const app = { language: ${quote(model.language)} }
`
}
