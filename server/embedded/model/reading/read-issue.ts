import type { AppModel, CriterionModel, Entity } from '../app-model.ts'
import { checksFor } from './criteria.ts'
import { deriveCriteria } from './derive.ts'
import { buildEntities } from './entities.ts'
import { gather } from './evidence.ts'
import { orderOf, pageSizeOf, readFilters, readQueries, readSearch } from './listing.ts'
import { collections, readRoutes } from './routes.ts'
import { addRule, protectReferences, readCounter, readMark, readSum, readUnique, refusedRemoval } from './rules.ts'
import { readSettlement } from './settlement.ts'
import { entitiesIn, subjectOf } from './subject.ts'
import { type Line, languageOf, plain, readLines, sentences } from './text.ts'
import { candidates, chooseThings, withRoutes } from './things.ts'
import { pairOf, readTimes, settleTimes } from './time-rules.ts'
import { thingOfTitle } from './title.ts'

const maxCriteria = 60
const maxStatements = 80

/** Whether a line belongs to a run of given, when and then. */
function inScenario(lines: Line[], index: number, text: string): boolean {
  if (/^given\b/i.test(text)) return /^(?:when|and|then)\b/i.test(lines[index + 1]?.text ?? '') || /\bwhen\b.*\bthen\b/i.test(text)
  for (let at = index; /^(?:when|then|and|but)\b/i.test(lines[at]?.text ?? ''); at--)
    if (/^given\b/i.test(lines[at - 1]?.text ?? '')) return true
  return false
}

/** Criteria as the issue states them: ticks anywhere, else the items of a section that announces them. Given, when and then are one. */
function statedCriteria(lines: Line[]): string[] {
  const checks = lines.filter(({ kind, section }) => kind === 'check' && section !== 'outside')
  const listed = lines.filter(({ kind, section }) => section === 'criteria' && kind !== 'heading' && kind !== 'table')
  const items = listed.filter(({ kind }) => kind === 'bullet' || kind === 'number')
  const scenarios = lines.filter(
    ({ kind, text, section }, index) => kind !== 'heading' && section !== 'outside' && inScenario(lines, index, text),
  )
  const chosen = new Set([...checks, ...(items.length > 0 ? items : checks.length > 0 ? [] : listed), ...scenarios])
  const joined: string[] = []
  for (const line of lines) {
    if (!chosen.has(line)) continue
    const continues = /^(?:when|then|and)\b/i.test(line.text) && /^(?:given|when)\b/i.test(joined.at(-1) ?? '')
    if (continues) joined.push(`${joined.pop()} ${line.text}`)
    else joined.push(line.text)
  }
  return joined.map((text) => text.slice(0, 600)).filter((text) => /[\p{L}\p{N}]/u.test(text))
}

/** Sentences that say what the app does: list items outside the criteria, and prose that is not mere background. */
function statementsOf(lines: Line[]): string[] {
  return lines
    .filter(
      ({ kind, section }) => kind !== 'heading' && kind !== 'table' && kind !== 'check' && section !== 'criteria' && section !== 'outside',
    )
    .flatMap(({ text, kind }) => (kind === 'text' ? sentences(text) : [text]))
    .map((text) => text.slice(0, 400))
    .slice(0, maxStatements)
}

/** Reads behaviour out of all sentences, statements before criteria, so that a criterion finds what it speaks of. */
function behaviours(all: string[], entities: Entity[], language: 'en' | 'ko'): void {
  const each = (read: (sentence: string) => void): void => all.forEach(read)
  each((sentence) => readMark(sentence, entities, language))
  each((sentence) => readTimes(sentence, entities, language))
  each((sentence) => readFilters(sentence, entities, language))
  each((sentence) => readSearch(sentence, entities))
  each((sentence) => readCounter(sentence, entities))
  each((sentence) => readUnique(sentence, entities))
  each((sentence) => readSum(sentence, entities))
  each((sentence) => {
    const order = orderOf(sentence, entities)
    if (order) order.entity.order = { field: order.field, direction: order.direction }
    const pageSize = pageSizeOf(sentence)
    const subject = pageSize === null ? null : subjectOf(sentence, entities)
    if (subject) subject.pageSize = pageSize
    const removal = refusedRemoval(sentence, entities)
    if (removal) addRule(removal.entity, removal.rule)
    readDeleteWord(sentence, entities)
  })
}

/** The issue's own word for deleting stands on the button. */
function readDeleteWord(sentence: string, entities: Entity[]): void {
  const word = /\b(cancel|archive|withdraw|revoke)\b|(취소|해지|반납|철회)/i.exec(sentence)
  const entity = word && entitiesIn(sentence, entities).at(-1)
  if (entity && word) entity.deleteLabel ??= (word[1] ?? word[2] ?? '').toLowerCase()
}

/** Records that take time are read in the order of their start, unless the issue says otherwise. */
function orderByStart(entities: Entity[]): void {
  for (const entity of entities) {
    const pair = pairOf(entity)
    const overlap = entity.rules.some(({ kind }) => kind === 'overlap')
    if (pair && overlap && entity.order.field === 'createdAt') entity.order = { field: pair.start.name, direction: 'asc' }
  }
}

/** The entity that the criteria and statements speak of most; a thing others only point to is never it. */
function mainOf(entities: Entity[], sentencesRead: string[], titled: string | null): Entity {
  const scored = entities.map((entity, index) => ({
    entity,
    points:
      sentencesRead.filter((sentence) => entitiesIn(sentence, [entity]).length > 0).length +
      entity.rules.filter(({ kind }) => kind !== 'refuseDelete').length * 3 +
      (titled !== null && entitiesIn(titled, [entity]).length > 0 ? 6 : 0) -
      index * 0.1,
  }))
  return (scored.sort((a, b) => b.points - a.points)[0]?.entity ?? entities[0]) as Entity
}

function summaryOf(title: string, lines: Line[], main: Entity, language: 'en' | 'ko'): string {
  const prose = lines.find(({ kind, section }) => kind === 'text' && section !== 'criteria' && section !== 'outside')
  if (prose) return prose.text.slice(0, 400)
  return language === 'ko' ? `${title}: ${main.labelPlural} 관리` : `${title}: keeps ${main.labelPlural}.`
}

function criteriaOf(stated: string[], entities: Entity[], main: Entity, language: 'en' | 'ko'): CriterionModel[] {
  const ordered = [main, ...entities.filter((entity) => entity !== main)]
  const criteria = stated
    .slice(0, maxCriteria)
    .map((text, index): CriterionModel => ({ id: `AC-${index + 1}`, text, derived: false, checks: checksFor(text, ordered) }))
  const testable = criteria.some(({ checks }) => checks.some(({ pattern }) => pattern !== 'untestable'))
  return testable ? criteria : [...criteria, ...deriveCriteria(entities, main, language, criteria.length + 1)]
}

/**
 * Reads any issue into a model of an app, by rules alone: the same issue always gives the same model, and words that
 * address the reader are words like any others. Never throws; an issue that says nothing gives an app that keeps one kind of record.
 */
export function readIssue(issue: { title: string; body: string }): AppModel {
  const title = plain(issue.title.slice(0, 400)) || 'App'
  const body = issue.body.slice(0, 200_000)
  const language = languageOf(`${title}\n${body}`)
  const lines = readLines(body)
  const scope = lines.filter(({ section }) => section !== 'outside').map(({ text }) => text)
  const routes = scope.flatMap(readRoutes).slice(0, 60)
  const { things, loose } = candidates(gather(lines, language))
  withRoutes(things, collections(routes))
  const titled = thingOfTitle(title, language)
  const entities = buildEntities(chooseThings(things, titled, loose, language), language)
  settleTimes(entities)
  const statements = statementsOf(lines)
  const stated = statedCriteria(lines)
  const all = [...statements, ...stated.flatMap((text) => sentences(text)).slice(0, 200)]
  readSettlement(scope.join('\n').slice(0, 20_000), routes, entities)
  const first = mainOf(entities, all, titled)
  behaviours(all, [first, ...entities.filter((entity) => entity !== first)], language)
  readQueries(routes, entities)
  protectReferences(entities)
  orderByStart(entities)
  const main = mainOf(entities, all, titled)
  return {
    title,
    summary: summaryOf(title, lines, main, language),
    language,
    entities,
    criteria: criteriaOf(stated, entities, main, language),
    statements: statements.length > 0 ? statements : [title],
  }
}
