import type { Entity, Field } from '../../app-model.ts'
import { key, member, quote } from '../code.ts'
import { moments, twoValues } from '../samples.ts'
import { entityOf, fieldOf, rulesOf } from '../shape.ts'
import type { Scene, Writer } from './scene.ts'

/** Tests about records that take up time. */

interface Span {
  start: Field
  end: Field
  within: Field[]
  /** `start: '10:00', end: '11:00'` by two moments. */
  at: (from: number, to: number) => string
  /** `{ start: …, end: … }`, with the same place as `first` where `same` says so. */
  changes: (from: number, to: number, same: boolean) => string
}

function spanOf(entity: Entity): Span | null {
  const rule = rulesOf(entity, 'overlap')[0]
  const start = rule && fieldOf(entity, rule.start)
  const end = rule && fieldOf(entity, rule.end)
  if (!rule || !start || !end) return null
  const within = rule.within.flatMap((name) => fieldOf(entity, name) ?? [])
  const [from, to] = [moments(start), moments(end)]
  const at = (lower: number, upper: number) => `${key(start.name)}: ${from(lower)}, ${key(end.name)}: ${to(upper)}`
  return {
    start,
    end,
    within,
    at,
    changes: (lower, upper, same) => `{ ${same && within.length > 0 ? '...place, ' : ''}${at(lower, upper)} }`,
  }
}

/** The first record, and `place`: what others must share with it to be in its way. */
function occupied({ before, create }: Scene, span: Span): string[] {
  const place = span.within.map((field) => `${key(field.name)}: ${member('first', field.name)}`).join(', ')
  return [...before, `const first = ${create(1, span.changes(4, 8, false))}`, ...(place ? [`const place = { ${place} }`] : [])]
}

/** Lines that say a record elsewhere is let through, for each field that makes a place. */
function elsewhere(scene: Scene, span: Span): string[] {
  return span.within.flatMap((field, index) => {
    const target = entityOf(scene.model, field.target ?? '')
    const other = field.type === 'reference' && target ? `(await create(kinds.${target.plural}, 20)).id` : twoValues(field)?.[1]
    return other ? [scene.create(20 + index, `{ ...place, ${span.at(4, 8)}, ${key(field.name)}: ${other} }`)] : []
  })
}

export const overlap: Writer<'overlap'> = (scene) => {
  const { entity, kind, parent, path, create, list } = scene
  const span = spanOf(entity)
  if (!span) return null
  const title = fieldOf(entity, entity.titleField)
  const tries = [
    [4, 8],
    [5, 10],
    [2, 5],
    [5, 6],
    [0, 12],
  ].map(([from, to]) => `{ ${span.at(from ?? 0, to ?? 0)} }`)
  const body = [
    ...occupied(scene, span),
    'const spans = [',
    ...tries.map((one) => `  ${one},`),
    ']',
    'for (const span of spans) {',
    `  const input = { ...(await ${kind}.input(2${parent})), ${span.within.length > 0 ? '...place, ' : ''}...span }`,
    `  const answer = await request('POST', ${path}, input)`,
    '  assertConflict(answer)',
    '  assert.equal(answer.body.error.conflict.id, first.id)',
    title?.type === 'text' ? `  assert.ok(answer.body.error.message.includes(${member('first', title.name)}), answer.text)` : '',
    '}',
    `assert.deepEqual(ids(${list()}), [first.id])`,
    ...elsewhere(scene, span),
  ].filter((line) => line !== '')
  if (!entity.operations.includes('update')) return body
  return [
    ...body,
    `const later = ${create(3, span.changes(10, 12, true))}`,
    `assertConflict(await request('PATCH', \`\${${path}}/\${later.id}\`, { ${span.at(6, 12)} }))`,
    `assert.equal((await request('PATCH', \`\${${path}}/\${later.id}\`, { ${span.at(9, 12)} })).status, 200)`,
  ]
}

export const adjacent: Writer<'adjacent'> = (scene) => {
  const span = spanOf(scene.entity)
  if (!span) return null
  return [
    ...occupied(scene, span),
    `const after = ${scene.create(2, span.changes(8, 12, true))}`,
    `const ahead = ${scene.create(3, span.changes(0, 4, true))}`,
    `assert.deepEqual(sortedIds(${scene.list()}), sortedIds([first, after, ahead]))`,
  ]
}

export const freedByDelete: Writer<'freedByDelete'> = (scene) => {
  const { entity, kind, parent, path, list } = scene
  const span = spanOf(entity)
  if (!span) return null
  return [
    ...occupied(scene, span),
    `const input = { ...(await ${kind}.input(2${parent})), ${span.within.length > 0 ? '...place, ' : ''}${span.at(4, 8)} }`,
    `assert.equal((await request('POST', ${path}, input)).status, 409)`,
    `assert.equal((await request('DELETE', \`\${${path}}/\${first.id}\`)).status, 204)`,
    `const again = await request('POST', ${path}, input)`,
    'assert.equal(again.status, 201)',
    `assert.deepEqual(ids(${list()}), [again.body.id])`,
  ]
}

export const ordered: Writer<'ordered'> = ({ entity, before, kind, parent, path, create, list }) => {
  const rule = rulesOf(entity, 'ordered')[0]
  const lower = rule && fieldOf(entity, rule.lower)
  const upper = rule && fieldOf(entity, rule.upper)
  if (!rule || !lower || !upper) return null
  const [from, to] = [moments(lower), moments(upper)]
  const pair = (a: number, b: number) => `{ ${key(lower.name)}: ${from(a)}, ${key(upper.name)}: ${to(b)} }`
  const told = `${quote(upper.name)}, ${quote(upper.label)}`
  const body = [
    ...before,
    `const good = ${create(1, pair(4, 8))}`,
    `for (const span of [${pair(8, 4)}, ${pair(4, 4)}]) {`,
    `  assertRefused(await request('POST', ${path}, { ...(await ${kind}.input(2${parent})), ...span }), ${told})`,
    '}',
  ]
  if (entity.operations.includes('update')) {
    body.push(`assertRefused(await request('PATCH', \`\${${path}}/\${good.id}\`, { ${key(upper.name)}: ${to(3)} }), ${told})`)
  }
  return [...body, `assert.deepEqual(ids(${list()}), [good.id])`]
}
