import type { Entity, Field } from '../app-model.ts'
import type { ReadField } from './fields.ts'
import type { Thing } from './things.ts'
import { isPlural, kebab, normal } from './words.ts'

/** Turns chosen things into entities: references, children, required fields, the field that names a record. */

interface Linked {
  thing: Thing
  entity: Entity
}

function blank(thing: Thing, parent: Thing | null): Entity {
  const base = thing.route?.base ?? '/api/'
  const own = kebab(thing.plural)
  return {
    name: thing.name,
    plural: thing.plural,
    label: thing.label,
    labelPlural: thing.labelPlural,
    route: parent ? `${base}${kebab(parent.plural)}/:${parent.name}Id/${own}` : `${base}${own}`,
    ...(parent ? { parent: parent.name } : {}),
    fields: [],
    titleField: 'name',
    order: { field: 'createdAt', direction: 'desc' },
    pageSize: null,
    search: [],
    filters: [],
    operations: ['create', 'update', 'delete'],
    rules: [],
  }
}

/** The thing whose list of people a "who paid" field picks from: the route's parent, or the only other thing with a list. */
function parentOf(thing: Thing, things: Thing[]): Thing | null {
  if (thing.route?.parent) return things.find(({ name }) => name === thing.route?.parent) ?? null
  if (!thing.fields.some(({ person }) => person !== null)) return null
  const withList = things.filter(
    (other) => other !== thing && other.fields.some(({ field, person }) => field.type === 'list' && person === null),
  )
  return withList.length === 1 ? (withList[0] ?? null) : null
}

function asPerson(read: ReadField, parent: Thing | null): Field {
  const lists = parent?.fields.filter(({ field, person }) => field.type === 'list' && person === null).map(({ field }) => field) ?? []
  const list = lists[0]
  if (!list) return read.field
  return { ...read.field, type: read.person === 'several' ? 'items' : 'item', listField: list.name }
}

/** A field that carries another entity's name points to it; a plural one says that the other points here. */
function link(read: ReadField, self: Linked, all: Linked[]): Field | null {
  const wanted = normal(read.field.label)
  const target = all.find(
    ({ entity }) =>
      entity !== self.entity && (normal(entity.label) === wanted || normal(entity.labelPlural) === wanted || endsWith(wanted, entity)),
  )
  if (!target) return read.field
  const words = read.field.label.toLowerCase().split(' ')
  const many = isPlural(words.at(-1) ?? '') && /^[a-z]/.test(words.at(-1) ?? '')
  if (!many) {
    const field: Field = {
      name: normal(target.entity.label) === wanted ? target.entity.name : read.field.name,
      label: read.field.label,
      type: 'reference',
      required: read.field.required,
      target: target.entity.name,
    }
    return field
  }
  const linkedBack =
    target.entity.parent === self.entity.name || target.thing.fields.some(({ field }) => normal(field.label) === normal(self.entity.label))
  if (!linkedBack) {
    const field: Field = { name: self.entity.name, label: self.entity.label, type: 'reference', required: false, target: self.entity.name }
    target.thing.fields.push({ field, marked: null, person: null })
  }
  return null
}

function endsWith(wanted: string, entity: Entity): boolean {
  const words = wanted.trim().split(' ')
  return words.length === 2 && /^[a-z]+$/.test(words[1] ?? '') && normal(entity.label).trim() === words[1]
}

function titleFieldOf(fields: Field[]): string | null {
  const texts = fields.filter(({ type }) => type === 'text')
  const named = (names: RegExp): Field | undefined => texts.find(({ name }) => names.test(name))
  const found =
    named(/^(?:title|headline|subject)$/) ??
    named(/^name$/) ??
    named(/(?:Title|Headline|Subject|Name)$/) ??
    texts.find(({ required }) => required) ??
    texts[0]
  return (
    found?.name ??
    fields.find(({ type }) => type === 'longtext')?.name ??
    fields.find(({ type }) => type === 'url' || type === 'email')?.name ??
    null
  )
}

/** Texts that stand beside a record and are never what makes it one. */
const aside = /^(?:notes?|comments?|remarks?|memo|details?)$/i

/** Who is required where the issue marks some fields, or none. */
function decideRequired(reads: ReadField[], fields: Field[], titleField: string): void {
  const marks = reads.map(({ marked }) => marked)
  const someRequired = marks.includes(true)
  const someOptional = marks.includes(false)
  reads.forEach(({ marked, person }, index) => {
    const field = fields[index]
    if (!field) return
    if (marked !== null) field.required = marked
    else if (person !== null || (field.minItems ?? 0) > 0 || (field.minLength ?? 0) > 0) field.required = true
    else if (field.type === 'list' || field.type === 'boolean' || field.default !== undefined) field.required = false
    else if (someRequired) field.required = false
    else if (someOptional) field.required = field.type !== 'longtext' || field.name === titleField
    else
      field.required =
        (field.name === titleField && !aside.test(field.name)) ||
        ['reference', 'cents'].includes(field.type) ||
        /name$/i.test(field.name) ||
        (field.min ?? 0) > 0
  })
  if (!fields.some(({ required }) => required)) {
    const telling = fields.find(({ name, type }) => !aside.test(name) && type !== 'list' && type !== 'boolean' && type !== 'choice')
    const title = fields.find(({ name }) => name === titleField)
    const first = title && aside.test(title.name) ? (telling ?? title) : title
    if (first && marks[fields.indexOf(first)] !== false) first.required = true
  }
}

function defaultFields(language: 'en' | 'ko'): ReadField[] {
  const name: Field = { name: 'name', label: language === 'ko' ? '이름' : 'name', type: 'text', required: true, maxLength: 200 }
  const note: Field = { name: 'note', label: language === 'ko' ? '메모' : 'note', type: 'longtext', required: false }
  return [
    { field: name, marked: true, person: null },
    { field: note, marked: false, person: null },
  ]
}

function fill(self: Linked, all: Linked[], things: Thing[], language: 'en' | 'ko'): void {
  const { thing, entity } = self
  const parent = entity.parent ? (things.find(({ name }) => name === entity.parent) ?? null) : null
  const kept: ReadField[] = []
  const fields: Field[] = []
  for (const read of thing.fields) {
    const field = read.person ? asPerson(read, parent) : read.field.type === 'reference' ? read.field : link(read, self, all)
    if (read.ifEntity && field?.type !== 'reference') continue
    if (!field || field.name === `${entity.parent}Id` || fields.some(({ name }) => name === field.name)) continue
    kept.push(read)
    fields.push(field)
  }
  if (!fields.some(({ type }) => type !== 'reference' && type !== 'list')) {
    for (const read of defaultFields(language)) {
      if (fields.some(({ name }) => name === read.field.name)) continue
      kept.unshift(read)
      fields.unshift(read.field)
    }
    if (fields[0]?.name === 'note') {
      fields.push(...fields.splice(0, 1))
      kept.push(...kept.splice(0, 1))
    }
  }
  const titleField = titleFieldOf(fields) ?? fields[0]?.name ?? 'name'
  const title = fields.find(({ name }) => name === titleField)
  if (title?.type === 'longtext') title.type = 'text'
  decideRequired(kept, fields, titleField)
  entity.fields = fields
  entity.titleField = titleField
}

/** Entities in the order of the things; parents before their children. */
export function buildEntities(things: Thing[], language: 'en' | 'ko'): Entity[] {
  const linked = things.map((thing): Linked => ({ thing, entity: blank(thing, parentOf(thing, things)) }))
  for (const self of linked) fill(self, linked, things, language)
  // A later thing may have given an earlier one a reference back.
  for (const self of linked) {
    for (const { field } of self.thing.fields) {
      if (
        field.type === 'reference' &&
        field.target &&
        !self.entity.fields.some(({ name }) => name === field.name) &&
        self.entity.parent !== field.target
      )
        self.entity.fields.push(field)
    }
  }
  return linked.map(({ entity }) => entity).sort((a, b) => Number(a.parent !== undefined) - Number(b.parent !== undefined))
}
