import type { Entity, Field } from '../app-model.ts'
import { fieldsIn } from './lookup.ts'
import { mention, normal } from './words.ts'

/** Which entity a sentence speaks of. */

/** Entities named in a sentence, in order; a name inside a longer one ("order" in "order line") does not count. */
export function entitiesIn(sentence: string, entities: Entity[]): Entity[] {
  let rest = normal(sentence)
  const found: { entity: Entity; at: number }[] = []
  const byLength = [...entities].sort((a, b) => b.label.length - a.label.length)
  for (const entity of byLength) {
    for (const name of [entity.label, entity.labelPlural, entity.name.replace(/([a-z\d])([A-Z])/g, '$1 $2')]) {
      const at = mention(rest, name)
      if (at < 0) continue
      found.push({ entity, at })
      const length = normal(name).trim().length
      rest = rest.slice(0, at + 1) + '_'.repeat(length) + rest.slice(at + 1 + length)
      break
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ entity }) => entity)
}

/** The entity that has the wanted property: a named one first, then the main one, then any. */
export function pick(sentence: string, entities: Entity[], has: (entity: Entity) => boolean): Entity | null {
  const named = entitiesIn(sentence, entities)
  return [...named, ...entities].find(has) ?? null
}

/** The entity a sentence speaks of: named, or owning a named field, or the first. */
export function subjectOf(sentence: string, entities: Entity[]): Entity | null {
  const named = entitiesIn(sentence, entities)[0]
  if (named) return named
  const counted = entities.map((entity) => ({ entity, fields: fieldsIn(entity, sentence).length })).sort((a, b) => b.fields - a.fields)
  return (counted[0]?.fields ?? 0) > 0 ? (counted[0]?.entity ?? null) : (entities[0] ?? null)
}

/** A field named in a sentence together with the entity that has it; named entities come first. */
export function fieldIn(
  sentence: string,
  entities: Entity[],
  fits: (field: Field) => boolean = () => true,
): { entity: Entity; field: Field } | null {
  const named = entitiesIn(sentence, entities)
  for (const entity of [...named, ...entities.filter((one) => !named.includes(one))]) {
    const field = fieldsIn(entity, sentence).find(fits)
    if (field) return { entity, field }
  }
  return null
}
