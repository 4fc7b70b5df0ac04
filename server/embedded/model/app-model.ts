/**
 * What the demo model understands of an issue, and all that it writes an app from. It is made by `readIssue`
 * (reading/) and used by the writers (writing/). Identifiers are ASCII; labels are the issue's own words.
 */

export type FieldType =
  | 'text'
  | 'longtext'
  | 'url'
  | 'email'
  | 'integer'
  | 'decimal'
  /** An integer number of the currency's smallest unit. */
  | 'cents'
  /** YYYY-MM-DD */
  | 'date'
  /** HH:MM */
  | 'time'
  | 'boolean'
  /** One of `choices`. */
  | 'choice'
  /** Any number of short strings (tags, names). */
  | 'list'
  /** The id of one record of `target`. */
  | 'reference'
  /** One string out of the `list` field `listField` of the parent record (who paid). */
  | 'item'
  /** Some strings out of the `list` field `listField` of the parent record (who shares). */
  | 'items'

export interface Field {
  /** camelCase, unique in its entity; never `id`, `createdAt`, `updatedAt` or `<parent>Id`, which every record has, and no filter's `param` is `page` or `q`. */
  name: string
  label: string
  type: FieldType
  required: boolean
  minLength?: number
  maxLength?: number
  /** Smallest and largest allowed values of a number. */
  min?: number
  max?: number
  /** Fewest entries of a list. */
  minItems?: number
  /** Allowed schemes of an address, without the colon. */
  schemes?: string[]
  choices?: string[]
  /** Entity name a reference points to. */
  target?: string
  listField?: string
  /** No two records share it. Sample records of one test must differ in it too, those included that a reference makes. */
  unique?: boolean
  /** Kept by the app itself (a counter), refused as input. */
  system?: boolean
  default?: string | number | boolean
}

export interface Entity {
  /** Singular identifier in camelCase: `blogPost`. */
  name: string
  /** Plural identifier in camelCase: `blogPosts`; in the route it stands in kebab-case. */
  plural: string
  label: string
  labelPlural: string
  /** `/api/blog-posts`, or `/api/blog-posts/:blogPostId/comments` for a child (the parameter is `<parent>Id`). */
  route: string
  /** Entity name of the parent whose id stands in the route; `<parent>Id` is then a system field of each record. */
  parent?: string
  fields: Field[]
  /** The field that names a record to people. */
  titleField: string
  order: { field: string; direction: 'asc' | 'desc' }
  /** Records a page; null lists all. */
  pageSize: number | null
  /** Fields that `?q=` searches. */
  search: string[]
  /** Fields that filter the list when they stand in the query: `?label=red`; `param` may be the singular of the field. */
  filters: { field: string; param: string }[]
  operations: ('create' | 'update' | 'delete')[]
  /** The issue's own word for deleting: archive, 취소. */
  deleteLabel?: string
  rules: Rule[]
}

export type Rule =
  /** Two records with the same `within` fields may not share time; half-open, so touching is allowed. Refused with 409 that names the other. */
  | { kind: 'overlap'; within: string[]; start: string; end: string }
  /** `upper` must be greater than `lower`. */
  | { kind: 'ordered'; lower: string; upper: string }
  /** GET `route` (`/go/:id`) raises `field` by one and redirects to the address in `target`; with no `target` it answers the record. */
  | { kind: 'counter'; field: string; route: string; target: string | null }
  /** Deleting is refused with 409 while a record of `entity` points here through `field`. */
  | { kind: 'refuseDelete'; entity: string; field: string }
  /** An entry of the list `field` cannot be removed while a child record of `entity` names it in one of `fields`. DELETE `<route>/:id/<field>/:item`, 409. */
  | { kind: 'refuseRemoveItem'; field: string; entity: string; fields: string[] }
  /** GET `<route>/:id/<path>`: even split of child records' `amount` among `shares`, odd cents to the first in the parent's list order, fewest payments to settle; also the balances. */
  | { kind: 'settlement'; path: string; entity: string; amount: string; payer: string; shares: string; members: string }
  /** GET `<route>/<path>` (or in the list answer): the sum of `field` over the listed records. */
  | { kind: 'sum'; field: string; path: string }

/** How a criterion is tested. `entity` is an Entity's name; `refused` expects 400 and `error.field === field`. */
export type Check =
  | { pattern: 'refused'; entity: string; field: string; values: ({ missing: true } | { value: unknown })[] }
  | { pattern: 'persists'; entity: string }
  | { pattern: 'filter'; entity: string; field: string; param: string; value?: string }
  | { pattern: 'search'; entity: string; fields: string[] }
  | { pattern: 'order'; entity: string; field: string; direction: 'asc' | 'desc' }
  | { pattern: 'paging'; entity: string; pageSize: number }
  | { pattern: 'counter'; entity: string; field: string }
  | { pattern: 'overlap'; entity: string }
  | { pattern: 'adjacent'; entity: string }
  | { pattern: 'freedByDelete'; entity: string }
  | { pattern: 'ordered'; entity: string }
  | {
      pattern: 'settlement'
      entity: string
      members: number
      amountCents: number
      payer: number
      sharers: number[]
      payments: { from: number; to: number; amountCents: number }[]
    }
  | { pattern: 'zeroSum'; entity: string }
  | { pattern: 'refuseRemoveItem'; entity: string; field: string }
  | { pattern: 'refuseDelete'; entity: string }
  | { pattern: 'sum'; entity: string; field: string }
  /** Made once, then the same value of `field` again: refused with 400 or 409 that names the field. Added by the reader. */
  | { pattern: 'unique'; entity: string; field: string }
  /** A record made without `field` reads back with `value`. Added by the reader. */
  | { pattern: 'default'; entity: string; field: string; value: string | number | boolean }
  /** An unknown id answers 404. Added by the reader. */
  | { pattern: 'notFound'; entity: string }
  | { pattern: 'create' | 'update' | 'delete'; entity: string }
  /** Understood as a criterion, but this generator has no way to test it. */
  | { pattern: 'untestable'; why: string }

export interface CriterionModel {
  /** AC-1, AC-2 … in the order; derived ones follow. */
  id: string
  text: string
  derived: boolean
  checks: Check[]
}

export interface AppModel {
  title: string
  summary: string
  /** Language of the issue; the app's page speaks it. */
  language: 'en' | 'ko'
  entities: Entity[]
  criteria: CriterionModel[]
  /** Sentences of the issue that state what the app does, for the specification. */
  statements: string[]
}
