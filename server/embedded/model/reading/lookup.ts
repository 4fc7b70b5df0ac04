import type { Entity, Field } from '../app-model.ts'
import { mention, normal, singular } from './words.ts'

/** Finding the fields that an issue's words mean. */

const sortable: Field['type'][] = ['text', 'integer', 'decimal', 'cents', 'date', 'time', 'url', 'email']

/** The field that a few words of the issue mean: its label or name, singular or plural; null where none fits. */
export function fieldNamed(entity: Entity, words: string): Field | null {
  const wanted = normal(words).trim()
  if (wanted === '') return null
  const exact = entity.fields.find(
    ({ name, label }) =>
      normal(label).trim() === wanted ||
      name.toLowerCase() === wanted.replace(/ /g, '') ||
      singular(name.toLowerCase()) === wanted.replace(/ /g, ''),
  )
  if (exact) return exact
  if (/[가-힣]/.test(wanted)) return entity.fields.find(({ label }) => wanted.startsWith(normal(label).trim())) ?? null
  return (
    entity.fields.find(({ label }) =>
      ` ${wanted} `.includes(normal(label)) ? wanted.split(' ').length <= 3 : normal(label).endsWith(` ${wanted} `),
    ) ?? null
  )
}

/** Fields whose label stands in a sentence, the longest labels first, none inside another. */
export function fieldsIn(entity: Entity, sentence: string): Field[] {
  let rest = normal(sentence)
  const found: { field: Field; at: number }[] = []
  const byLength = [...entity.fields].sort((a, b) => b.label.length - a.label.length)
  for (const field of byLength) {
    for (const name of [field.label, field.name.replace(/([a-z\d])([A-Z])/g, '$1 $2')]) {
      const at = mention(rest, name)
      if (at < 0) continue
      found.push({ field, at })
      rest = rest.slice(0, at + 1) + '_'.repeat(Math.max(0, normal(name).trim().length)) + rest.slice(at + 1 + normal(name).trim().length)
      break
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ field }) => field)
}

export function isSortable(field: Field): boolean {
  return sortable.includes(field.type)
}
