import type { Evidence } from './field-sentences.ts'
import type { ReadField } from './fields.ts'
import { isFieldWord } from './lexicon.ts'
import type { Deed } from './phrases.ts'
import type { RouteThing } from './routes.ts'
import { asciiWords, identifier, mention, normal, plural, singular } from './words.ts'

/** A candidate for an entity, with all that speaks for it. */
export interface Thing {
  name: string
  plural: string
  label: string
  labelPlural: string
  fields: ReadField[]
  deeds: Set<Deed>
  /** Some statement outside the criteria says that it is created. */
  declared: boolean
  /** Times it was created, listed, changed or deleted in a list item or a sentence. */
  weight: number
  route: RouteThing | null
}

/** The thing of a noun phrase; the last word decides its number. */
export function thingOf(noun: string): Thing {
  const words = asciiWords(noun)
  const last = words.at(-1) ?? 'record'
  const singularWords = [...words.slice(0, -1), singular(last)]
  const name = identifier(singularWords, 'record')
  const many = identifier([...words.slice(0, -1), plural(singular(last))], 'records')
  const written = noun.split(' ')
  const ending = written.at(-1) ?? ''
  const ascii = /^[\x20-\x7e]+$/.test(ending)
  const lower = ascii && !/^[A-Z]{2,}/.test(ending) ? ending.toLowerCase() : ending
  const start = written.slice(0, -1).map((word) => (/^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word))
  const one = ascii ? singular(lower) : ending
  return {
    name,
    plural: many === name ? `${name}List` : many,
    label: [...start, one].join(' '),
    labelPlural: [...start, ascii ? plural(one) : one].join(' '),
    fields: [],
    deeds: new Set(),
    declared: false,
    weight: 0,
    route: null,
  }
}

function addFields(thing: Thing, fields: ReadField[]): void {
  for (const one of fields) if (!thing.fields.some(({ field }) => field.name === one.field.name)) thing.fields.push(one)
}

/** All candidates in the order in which they are first named; `loose` are fields of whatever the issue is about. */
export function candidates(evidence: Evidence[]): { things: Map<string, Thing>; loose: ReadField[] } {
  const things = new Map<string, Thing>()
  const loose: ReadField[] = []
  let last: Thing | null = null
  for (const { noun, fields, deeds, item, criterion } of evidence) {
    if (noun === null) {
      if (last) addFields(last, fields)
      else loose.push(...fields)
      continue
    }
    const fresh = thingOf(noun)
    const thing: Thing = things.get(fresh.name) ?? fresh
    things.set(thing.name, thing)
    addFields(thing, fields)
    for (const deed of deeds) thing.deeds.add(deed)
    thing.declared ||= !criterion && deeds.includes('create')
    thing.weight += (item ? 2 : 1) * Math.max(1, deeds.length) + (deeds.includes('create') ? 1 : 0)
    last = thing
  }
  return { things, loose }
}

/** Gives each collection of the routes to its thing; what no thing matches is given in order, or becomes a thing itself. */
export function withRoutes(things: Map<string, Thing>, routes: RouteThing[]): void {
  const unmatched: RouteThing[] = []
  for (const route of routes) {
    const thing =
      things.get(route.name) ??
      [...things.values()].find((one) => one.name.toLowerCase().endsWith(route.name.toLowerCase()) && one.fields.length > 0)
    if (thing) adopt(things, thing, route)
    else unmatched.push(route)
  }
  const without = [...things.values()].filter(({ route, fields }) => route === null && fields.length > 1)
  if (without.length === unmatched.length) {
    without.forEach((thing, index) => {
      adopt(things, thing, unmatched[index] as RouteThing)
    })
    return
  }
  for (const route of unmatched) {
    const thing = thingOf(route.plural.replace(/([a-z\d])([A-Z])/g, '$1 $2'))
    thing.weight = 2
    adopt(things, thing, route)
  }
}

function adopt(things: Map<string, Thing>, thing: Thing, route: RouteThing): void {
  things.delete(thing.name)
  thing.route = route
  thing.name = route.name
  thing.plural = route.plural
  things.set(thing.name, thing)
}

/** Whether another thing lists this one among its fields. */
function isFieldOf(thing: Thing, other: Thing): boolean {
  return (
    other !== thing &&
    other.fields.some(({ field }) => mention(normal(field.label), thing.label) === 0 && normal(field.label) === normal(thing.label))
  )
}

/**
 * The things that become entities: all with fields or a route, those that another's field points to, and the title's when
 * it has both a name and deeds; at least one in any case.
 */
export function chooseThings(things: Map<string, Thing>, titled: string | null, loose: ReadField[], language: 'en' | 'ko'): Thing[] {
  const all = [...things.values()]
  const fromTitle = titled === null ? null : matchTitle(things, titled)
  const strong = all.filter((thing) => (thing.fields.length > 0 && !onlyAttribute(thing)) || thing.route !== null)
  const referred = all.filter(
    (thing) =>
      !strong.includes(thing) &&
      thing.declared &&
      !isFieldWord(asciiWords(thing.label)) &&
      strong.some(
        (other) =>
          isFieldOf(thing, other) &&
          !other.fields.some(({ field }) => field.type === 'list' && normal(field.label) === normal(thing.label)),
      ),
  )
  const chosen = all.filter((thing) => strong.includes(thing) || referred.includes(thing))
  if (chosen.length === 0 || (loose.length > 0 && strong.length === 0)) {
    const best = all.filter(({ label }) => !isFieldWord(asciiWords(label))).sort((a, b) => score(b, fromTitle) - score(a, fromTitle))[0]
    const useTitle =
      fromTitle !== null && (best === undefined || score(fromTitle, fromTitle) >= score(best, fromTitle) || !best.deeds.has('create'))
    const main = useTitle ? fromTitle : (best ?? thingOf(language === 'ko' ? '항목' : 'entry'))
    if (main) chosen.push(main)
  }
  const main = chosen.includes(fromTitle as Thing) ? (fromTitle as Thing) : chosen[0]
  if (main) addFields(main, loose)
  return chosen.slice(0, 8)
}

/** A thing with a single text field that nobody creates is most likely a remark, not a record. */
function onlyAttribute(thing: Thing): boolean {
  return thing.fields.length === 1 && thing.deeds.size === 0 && thing.route === null && thing.weight < 3
}

function score(thing: Thing, titled: Thing | null): number {
  return thing.weight + thing.fields.length + (thing.deeds.has('create') ? 3 : 0) + (thing === titled ? 4 : 0)
}

function matchTitle(things: Map<string, Thing>, titled: string): Thing {
  const fresh = thingOf(titled)
  const same = things.get(fresh.name)
  if (same) return same
  const close = [...things.values()].find(({ label, fields }) => fields.length > 0 && mention(normal(titled), label) >= 0)
  return close ?? fresh
}
