import type { AppModel, Entity } from '../../app-model.ts'
import { blocks, indent, lines, member, quote, remark } from '../code.ts'
import { entityOf, fieldOf, labelOf, orderOf, parentKey, parentParam, rulesOf } from '../shape.ts'
import { checkPart } from './check-part.ts'
import { counterPart } from './counter-part.ts'
import { deletePart } from './delete-part.ts'
import { fieldsPart } from './fields-part.ts'
import { removeItemRoute, settlementRoute } from './group-parts.ts'

/** `src/routes/<plural>.js`: the records of one entity behind its route. */

function inParent(entity: Entity): string {
  return entity.parent ? `c.req.param(${quote(parentParam(entity))})` : ''
}

/** The records that the query asks for. */
function foundPart(entity: Entity): string | null {
  const conditions = entity.filters.map(({ field, param }) => `holds(${member('record', field)}, ${member('query', param)})`)
  if (entity.search.length > 0) conditions.push(`contains([${entity.search.map((name) => member('record', name)).join(', ')}], query.q)`)
  const args = ['store', 'query', entity.parent && 'parentId'].filter(Boolean)
  if (conditions.length === 0) return null
  return lines(
    '/** The records that the query asks for. */',
    `function found(${args.join(', ')}) {`,
    `  return ${allCall(entity, 'parentId')}.filter(`,
    `    (record) =>\n${indent(conditions.join(' &&\n'), 6)},`,
    '  )',
    '}',
  )
}

/** All records, or those of the parent with the id that `parentId` gives. */
function allCall(entity: Entity, parentId: string): string {
  const all = `store.all(${quote(entity.plural)})`
  return entity.parent ? `ofParent(${all}, ${parentId})` : all
}

function parentPart(entity: Entity): string | null {
  if (!entity.parent) return null
  return `const ofParent = (records, parentId) => records.filter((record) => record.${parentKey(entity)} === parentId)`
}

function foundCall(entity: Entity): string {
  const asks = entity.filters.length > 0 || entity.search.length > 0
  if (!asks) return allCall(entity, inParent(entity))
  return `found(${['store', 'c.req.query()', entity.parent && inParent(entity)].filter(Boolean).join(', ')})`
}

function sortKeys(entity: Entity): string {
  const { field, name, direction } = orderOf(entity)
  const value = field?.type === 'choice' ? `fields.${name}.choices.indexOf(record.${name})` : member('record', name)
  const keys = [`[(record) => ${value}, ${quote(direction)}]`]
  const span = rulesOf(entity, 'overlap')[0]
  if (span && span.start !== name && field) keys.push(`[(record) => ${member('record', span.start)}, 'asc']`)
  // Times of day make an order only within their day.
  const days = span?.start === name ? span.within.filter((one) => fieldOf(entity, one)?.type === 'date') : []
  keys.unshift(...days.map((day) => `[(record) => ${member('record', day)}, ${quote(direction)}]`))
  return keys.join(', ')
}

function listRoute(model: AppModel, entity: Entity): string {
  const size = entity.pageSize === null ? '' : `, ${entity.pageSize}`
  const sums = rulesOf(entity, 'sum')
  const told = sums.map((rule) => `${rule.field}: sumOf(records, (record) => ${member('record', rule.field)})`)
  const answer = sums.length > 0 ? `{ ...page, sums: { ${told.join(', ')} } }` : 'page'
  const parent = entityOf(model, entity.parent ?? '')
  return lines(
    "routes.get('/', (c) => {",
    parent ? `  find(store.all(${quote(parent.plural)}), ${inParent(entity)})` : null,
    `  const records = ${foundCall(entity)}`,
    `  const page = paged(sorted(records, ${sortKeys(entity)}), c.req.query('page')${size})`,
    `  return c.json(${answer})`,
    '})',
  )
}

function sumRoutes(entity: Entity): string[] {
  return rulesOf(entity, 'sum').map((rule) =>
    lines(
      `routes.get('/${rule.path}', (c) => {`,
      `  const sum = sumOf(${foundCall(entity)}, (record) => ${member('record', rule.field)})`,
      `  return c.json({ field: ${quote(rule.field)}, sum })`,
      '})',
    ),
  )
}

function readRoute(entity: Entity): string {
  return `routes.get('/:id', (c) => c.json(${ownRecord(entity, `store.all(${quote(entity.plural)})`)}))`
}

/** Finds the record of the path; one of another parent's is not found. */
function ownRecord(entity: Entity, records: string): string {
  if (!entity.parent) return `find(${records}, c.req.param('id'))`
  return `find(ofParent(${records}, ${inParent(entity)}), c.req.param('id'))`
}

function parentLine(model: AppModel, entity: Entity): string | null {
  const parent = entityOf(model, entity.parent ?? '')
  return parent ? `    const parent = find(data.${parent.plural}, ${inParent(entity)})` : null
}

function createRoute(model: AppModel, entity: Entity, checked: boolean): string {
  const values = entity.parent ? `{ ${parentKey(entity)}: parent.id, ...input }` : 'input'
  return lines(
    "routes.post('/', async (c) => {",
    '  const input = validate(fields, await readJson(c))',
    '  const record = await store.change((data) => {',
    parentLine(model, entity),
    ...(checked
      ? [
          `    const record = add(data, ${quote(entity.plural)}, ${values})`,
          `    check(data, record${entity.parent ? ', parent' : ''})`,
          '    return record',
        ]
      : [`    return add(data, ${quote(entity.plural)}, ${values})`]),
    '  })',
    '  return c.json(record, 201)',
    '})',
  )
}

function updateRoute(model: AppModel, entity: Entity, checked: boolean): string {
  const keeps = rulesOf(entity, 'refuseRemoveItem')
  return lines(
    "routes.patch('/:id', async (c) => {",
    '  const input = validate(fields, await readJson(c), { partial: true })',
    '  const record = await store.change((data) => {',
    checked ? parentLine(model, entity) : null,
    `    const record = ${ownRecord(entity, `data.${entity.plural}`)}`,
    ...keeps.flatMap((rule) => [
      `    const gone = record.${rule.field}.filter((entry) => !(input.${rule.field} ?? record.${rule.field}).includes(entry))`,
      '    for (const entry of gone) refuseRemoval(data, record, entry)',
    ]),
    '    Object.assign(record, input, { updatedAt: new Date().toISOString() })',
    checked ? `    check(data, record${entity.parent ? ', parent' : ''})` : null,
    '    return record',
    '  })',
    '  return c.json(record)',
    '})',
  )
}

function imports(body: string): string {
  const all: [string, string[]][] = [
    ['../errors.js', ['Refused']],
    ['../http.js', ['readJson']],
    ['../listing.js', ['contains', 'holds', 'paged', 'sorted', 'sumOf']],
    ['../messages.js', ['say']],
    ['../rules/in-use.js', ['refuseWhileUsed']],
    ['../rules/ordered.js', ['checkOrdered']],
    ['../rules/overlap.js', ['checkOverlap']],
    ['../rules/references.js', ['checkReferences']],
    ['../rules/settlement.js', ['balancesOf', 'settle']],
    ['../rules/unique.js', ['checkUnique']],
    ['../store.js', ['add', 'find', 'remove']],
    ['../validate.js', ['validate']],
  ]
  const used = all
    .map(([path, names]) => [path, names.filter((name) => new RegExp(`\\b${name}[(.]`).test(body))] as const)
    .filter(([, names]) => names.length > 0)
  return lines("import { Hono } from 'hono'", ...used.map(([path, names]) => `import { ${names.join(', ')} } from '${path}'`))
}

/** The routes of one entity, with what must hold for its records. */
export function routesFile(model: AppModel, entity: Entity): string {
  const check = checkPart(model, entity)
  const checked = check !== null
  const routes = [
    listRoute(model, entity),
    ...sumRoutes(entity),
    ...rulesOf(entity, 'settlement').map((rule) => settlementRoute(model, entity, rule)),
    readRoute(entity),
    entity.operations.includes('create') && createRoute(model, entity, checked),
    entity.operations.includes('update') && updateRoute(model, entity, checked),
    entity.operations.includes('delete') && deletePart(model, entity, ownRecord(entity, `data.${entity.plural}`)),
    ...rulesOf(entity, 'refuseRemoveItem').map((rule) => removeItemRoute(model, entity, rule)),
  ]
  const what = `/** ${remark(labelOf({ label: entity.labelPlural }))}: \`${entity.route}\`. */`
  const body = blocks(
    fieldsPart(model, entity),
    lines(
      what,
      `export function ${entity.plural}Routes(store) {`,
      '  const routes = new Hono()',
      '',
      indent(blocks(...routes).trimEnd()),
      '',
      '  return routes',
      '}',
    ),
    parentPart(entity),
    foundPart(entity),
    check,
    ...rulesOf(entity, 'refuseRemoveItem').map((rule) => removalCheck(model, rule)),
    ...rulesOf(entity, 'counter').map((rule) => counterPart(entity, rule)),
  )
  return blocks(imports(body), body)
}

function removalCheck(model: AppModel, rule: { field: string; entity: string; fields: string[] }): string {
  const child = entityOf(model, rule.entity)
  if (!child) return ''
  const title = fieldOf(child, child.titleField)?.name ?? 'id'
  return lines(
    `/** Refuses to take an entry off the list while ${remark(child.labelPlural)} name it. */`,
    'function refuseRemoval(data, record, entry) {',
    `  const records = data.${child.plural}.filter((one) => one.${parentKey(child)} === record.id)`,
    `  refuseWhileUsed(records, [${rule.fields.map(quote).join(', ')}], entry, { name: entry, label: ${quote(child.label)}, nameOf: (one) => one.${title} })`,
    '}',
  )
}
