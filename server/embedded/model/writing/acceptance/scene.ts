import type { AppModel, Check, Entity } from '../../app-model.ts'
import { entityOf } from '../shape.ts'

/** What a check's writer gets: the model, the entity it is about, and how the test says its calls. */
export interface Scene {
  model: AppModel
  entity: Entity
  /** `kinds.books`. */
  kind: string
  /** Lines that make the parent, where the entity has one. */
  before: string[]
  /** `, parent` where the entity has one. */
  parent: string
  /** `kinds.books.path()`, or with its parent. */
  path: string
  create: (n: number | string, changes?: string) => string
  list: (query?: string) => string
  read: (record: string) => string
}

/** The lines of a test, after `reset()`; null where this generator cannot test the check. */
export type Writer<Pattern extends Check['pattern']> = (scene: Scene, check: Extract<Check, { pattern: Pattern }>) => string[] | null

export function sceneOf(model: AppModel, entity: Entity): Scene {
  const kind = `kinds.${entity.plural}`
  const parentEntity = entityOf(model, entity.parent ?? '')
  const parent = parentEntity ? ', parent' : ''
  return {
    model,
    entity,
    kind,
    before: parentEntity ? [`const parent = await create(kinds.${parentEntity.plural})`] : [],
    parent,
    path: `${kind}.path(${parentEntity ? 'parent' : ''})`,
    create: (n, changes) => {
      if (parentEntity) return `await create(${kind}, ${n}, ${changes ?? '{}'}, parent)`
      return `await create(${kind}, ${n}${changes ? `, ${changes}` : ''})`
    },
    list: (query) =>
      parentEntity ? `await listed(${kind}, ${query ?? '{}'}, parent)` : `await listed(${kind}${query ? `, ${query}` : ''})`,
    read: (record) => `await read(${kind}, ${record}${parent})`,
  }
}
