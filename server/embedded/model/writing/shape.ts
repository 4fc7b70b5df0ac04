import type { AppModel, Entity, Field, Rule } from '../app-model.ts'
import { capital } from './code.ts'

/** Questions that every writer asks of a model. */

export function entityOf(model: AppModel, name: string): Entity | undefined {
  return model.entities.find((entity) => entity.name === name)
}

export function childrenOf(model: AppModel, entity: Entity): Entity[] {
  return model.entities.filter((child) => child.parent === entity.name)
}

export function fieldOf(entity: Entity, name: string): Field | undefined {
  return entity.fields.find((field) => field.name === name)
}

export function rulesOf<Kind extends Rule['kind']>(entity: Entity, kind: Kind): Extract<Rule, { kind: Kind }>[] {
  return entity.rules.filter((rule): rule is Extract<Rule, { kind: Kind }> => rule.kind === kind)
}

/** The key of a child record that holds its parent's id. */
export function parentKey(entity: Entity): string {
  return `${entity.parent}Id`
}

/** The name of the path parameter that holds the parent's id: `/api/lists/:listId/tasks` -> `listId`. */
export function parentParam(entity: Entity): string {
  return [...entity.route.matchAll(/:(\w+)/g)].at(-1)?.[1] ?? parentKey(entity)
}

/** Labels stand at the start of a line or a sentence, so they begin with a capital letter where the script has them. */
export function labelOf(field: { label: string }): string {
  return capital(field.label.trim())
}

/** Fields through which a record of another entity points to this one, with whether deleting is already ruled by the model. */
export function pointersTo(model: AppModel, target: Entity): { entity: Entity; field: Field }[] {
  const ruled = rulesOf(target, 'refuseDelete')
  return model.entities.flatMap((entity) =>
    entity.fields
      .filter((field) => field.type === 'reference' && field.target === target.name)
      .map((field) => ({ entity, field }))
      .concat(
        ruled
          .filter((rule) => rule.entity === entity.name && fieldOf(entity, rule.field)?.type !== 'reference')
          .map((rule) => ({ entity, field: { name: rule.field, label: rule.field, type: 'text' as const, required: false } })),
      ),
  )
}

/** What the list is ordered by: by a field that has an order, else by time of creation. */
export function orderOf(entity: Entity): { field: Field | null; name: string; direction: 'asc' | 'desc' } {
  const field = fieldOf(entity, entity.order.field) ?? null
  const orderless = !field || ['list', 'items', 'reference'].includes(field.type)
  return { field: orderless ? null : field, name: orderless ? 'createdAt' : entity.order.field, direction: entity.order.direction }
}

/** The path that serves a record's counter, with the prefix that all its routes share. */
export function fill(route: string, id: string): string {
  return route.replace(/:\w+/, id)
}
