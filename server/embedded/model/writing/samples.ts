import type { AppModel, Entity, Field } from '../app-model.ts'
import { capital, hole, key, literal, quote } from './code.ts'
import { entityOf } from './shape.ts'

/** Valid sample values for tests, as JavaScript expressions of a number `n` that tells records apart. */

/** A text of the field's length limits that differs with `n`. */
function textSample(field: Field): string {
  const word = capital(field.label)
    .replace(/[`$\\\r\n]/g, ' ')
    .slice(0, 30)
  const most = field.maxLength ?? 1000
  const short = word.length + 6 > most ? 'String(n)' : `\`${word} \${n}\``
  return (field.minLength ?? 0) > 3 ? `${short}.padEnd(${field.minLength}, '.')` : short
}

/** The smallest number that a field takes, or one. */
export function lowest(field: Field): number {
  return field.min ?? (field.max !== undefined && field.max < 1 ? field.max : 1)
}

function numberSample(field: Field): string {
  const low = lowest(field)
  if (field.max !== undefined && field.max - low < 200) return `${low} + (n % ${Math.max(1, Math.floor(field.max - low) + 1)})`
  return field.type === 'cents' ? `${low} + n * 111` : `${low} + n`
}

/** Whether the field's values are told apart by two that must be in order, and which of the two it is. */
function spanPart(entity: Entity, field: Field): 'lower' | 'upper' | null {
  for (const rule of entity.rules) {
    const [lower, upper] = rule.kind === 'ordered' ? [rule.lower, rule.upper] : rule.kind === 'overlap' ? [rule.start, rule.end] : []
    if (field.name === lower) return 'lower'
    if (field.name === upper) return 'upper'
  }
  return null
}

function spanSample(field: Field, part: 'lower' | 'upper'): string {
  const later = part === 'upper'
  if (field.type === 'time') return `clock((n % 47) * 30${later ? ' + 20' : ''})`
  if (field.type === 'date') return `day(n * 2${later ? ' + 1' : ''})`
  return `${lowest(field)} + n * 2${later ? ' + 1' : ''}`
}

/** Whether children take their people, or other choices, out of this list. */
function isChosenFrom(model: AppModel, entity: Entity, field: Field): boolean {
  return model.entities.some((child) => child.parent === entity.name && child.fields.some((one) => one.listField === field.name))
}

function listSample(model: AppModel, entity: Entity, field: Field): string {
  const needed = Math.max(field.minItems ?? 1, 1)
  if (isChosenFrom(model, entity, field)) return literal(names(Math.max(3, needed)))
  return `[${Array.from({ length: needed }, (_, place) => `\`sample \${n}${place > 0 ? ` ${place + 1}` : ''}\``).join(', ')}]`
}

/** `A`, `B`, `C`, as many as asked for. */
export function names(count: number): string[] {
  return Array.from({ length: count }, (_, place) => (place < 26 ? String.fromCharCode(65 + place) : `A${place}`))
}

function hasUnique(entity: Entity): boolean {
  return entity.fields.some((field) => field.unique)
}

/** One field's sample value; a child's choices come out of `parent`, a reference makes the record it needs. */
export function sample(model: AppModel, entity: Entity, field: Field): string {
  const part = spanPart(entity, field)
  if (part) return spanSample(field, part)
  const target = entityOf(model, field.target ?? '')
  switch (field.type) {
    case 'url':
      return `\`${(field.schemes ?? ['https']).includes('https') ? 'https' : (field.schemes?.[0] ?? 'https')}://example.com/page-\${n}\``
    case 'email':
      return `\`person-${hole('n')}@example.com\``
    case 'integer':
    case 'decimal':
    case 'cents':
      return numberSample(field)
    case 'date':
      return 'day(n)'
    case 'time':
      return 'clock((n % 48) * 30)'
    case 'boolean':
      return 'n % 2 === 0'
    case 'choice':
      return `${literal(field.choices ?? [])}[n % ${field.choices?.length || 1}]`
    case 'list':
      return listSample(model, entity, field)
    case 'reference':
      // Two records of one number need two records to point to, which may have a field of their own that none may share.
      return target && target.name !== entity.name
        ? `(await create(kinds.${target.plural}, ${hasUnique(target) ? 'serial()' : 'n'})).id`
        : 'null'
    case 'item':
      return `parent.${field.listField}[0]`
    case 'items':
      return `parent.${field.listField}`
    default:
      return textSample(field)
  }
}

/** The object of sample values for all that people may set, one a line. */
export function sampleInput(model: AppModel, entity: Entity): string {
  const settable = entity.fields.filter((field) => !field.system)
  return ['{', ...settable.map((field) => `  ${key(field.name)}: ${sample(model, entity, field)},`), '}'].join('\n')
}

/** Two values of a field: the first is the one that a list is filtered by. */
export function twoValues(field: Field, wanted?: string): [string, string] | null {
  switch (field.type) {
    case 'boolean':
      return wanted === 'false' ? ['false', 'true'] : ['true', 'false']
    case 'choice': {
      const first = field.choices?.find((choice) => choice === wanted) ?? field.choices?.[0]
      const second = field.choices?.find((choice) => choice !== first)
      return first !== undefined && second !== undefined ? [quote(first), quote(second)] : null
    }
    case 'date':
      return ['day(1)', 'day(2)']
    case 'time':
      return ["'10:00'", "'11:00'"]
    case 'integer':
    case 'decimal':
    case 'cents':
      return [String(lowest(field)), String(lowest(field) + 1)]
    case 'list':
      return [literal([wanted ?? 'design']), "['other']"]
    case 'text':
    case 'longtext':
      return [quote(wanted ?? 'design'), "'other'"]
    default:
      return null
  }
}

/** Fourteen moments of a field that marks time, in order, as literals. */
export function moments(field: Field): (at: number) => string {
  if (field.type === 'time')
    return (at) => quote(`${String(9 + Math.floor(at / 4)).padStart(2, '0')}:${String((at % 4) * 15).padStart(2, '0')}`)
  if (field.type === 'date') return (at) => quote(`2031-03-${String(at + 10).padStart(2, '0')}`)
  return (at) => String(lowest(field) + at)
}
