import type { AppModel, Check, CriterionModel } from '../app-model.ts'
import * as groups from './acceptance/groups.ts'
import * as lists from './acceptance/lists.ts'
import * as records from './acceptance/records.ts'
import { type Scene, sceneOf, type Writer } from './acceptance/scene.ts'
import * as spans from './acceptance/spans.ts'
import { support } from './acceptance/support.ts'
import { blocks, indent, lines, quote, remark, type WrittenFile } from './code.ts'
import { entityOf } from './shape.ts'

type Testable = Exclude<Check['pattern'], 'untestable'>

const writers: { [Pattern in Testable]: Writer<Pattern> } = {
  refused: records.refused,
  persists: records.persists,
  create: records.create,
  update: records.update,
  delete: records.remove,
  unique: records.unique,
  default: records.defaults,
  notFound: records.notFound,
  filter: lists.filter,
  search: lists.search,
  order: lists.order,
  paging: lists.paging,
  sum: lists.sum,
  counter: lists.counter,
  overlap: spans.overlap,
  adjacent: spans.adjacent,
  freedByDelete: spans.freedByDelete,
  ordered: spans.ordered,
  settlement: groups.settlement,
  zeroSum: groups.zeroSum,
  refuseRemoveItem: groups.refuseRemoveItem,
  refuseDelete: groups.refuseDelete,
}

/** What the check needs the app to do; where the app does not do it, there is nothing to test it with. */
function isPossible(scene: Scene, check: Check): boolean {
  const { operations } = scene.entity
  if (!operations.includes('create')) return false
  if (check.pattern === 'update') return operations.includes('update')
  if (['delete', 'freedByDelete', 'refuseDelete'].includes(check.pattern)) return operations.includes('delete')
  return true
}

/** The lines of one check's test, or null where it cannot be tested. */
function bodyOf(model: AppModel, check: Check): string[] | null {
  if (check.pattern === 'untestable') return null
  const entity = entityOf(model, check.entity)
  if (!entity) return null
  const scene = sceneOf(model, entity)
  if (!isPossible(scene, check)) return null
  const writer = writers[check.pattern] as Writer<Testable>
  return writer(scene, check)
}

/** A criterion's tests, one for each of its checks that can be tested. */
function testsOf(model: AppModel, criterion: CriterionModel): string[] {
  const bodies = criterion.checks.map((check) => ({ check, body: bodyOf(model, check) })).filter(({ body }) => body !== null)
  return bodies.map(({ check, body }, index) => {
    const part = bodies.length > 1 ? ` (${index + 1}/${bodies.length}: ${check.pattern})` : ''
    const name = quote(`[${criterion.id}] ${remark(criterion.text)}${part}`)
    return lines(`test(${name}, async () => {`, '  await reset()', ...(body ?? []).map((line) => indent(line)), '})')
  })
}

/** The acceptance tests of the model's criteria, each named by its criterion; what cannot be tested gets none. A pure function of the model. */
export function writeAcceptanceTests(model: AppModel): WrittenFile[] {
  const tests = model.criteria.flatMap((criterion) => testsOf(model, criterion))
  if (tests.length === 0) return []
  return [{ path: 'acceptance/criteria.test.mjs', content: blocks(...support(model, tests.join('\n')), ...tests) }]
}
