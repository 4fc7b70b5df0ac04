import type { Check, Entity } from '../app-model.ts'
import { addFilter, entityOfRoute, filterOfParam, orderOf, pageSizeOf, searchParam } from './listing.ts'
import { fieldsIn } from './lookup.ts'
import { readRoutes } from './routes.ts'
import { entitiesIn, fieldIn, subjectOf } from './subject.ts'

/** Criteria about lists: their order, pages, filters and search. */

export type Matcher = (sentence: string, entities: Entity[]) => Check[]

export const paging: Matcher = (sentence, entities) => {
  const entity = subjectOf(sentence, entities)
  const turned = /\bpage (?:2|two)\b|\b(?:next|second) page\b|두 번째 페이지|다음 페이지|2 ?페이지/i.test(sentence)
  const pageSize = pageSizeOf(sentence) ?? (turned ? (entity?.pageSize ?? null) : null)
  if (!entity || pageSize === null) return []
  entity.pageSize = pageSize
  return [{ pattern: 'paging', entity: entity.name, pageSize }]
}

export const order: Matcher = (sentence, entities) => {
  const found = orderOf(sentence, entities)
  if (!found) return []
  found.entity.order = { field: found.field, direction: found.direction }
  return [{ pattern: 'order', entity: found.entity.name, field: found.field, direction: found.direction }]
}

/** `GET /api/things?label=red` returns only …, "filtering by label shows only …". */
export const filters: Matcher = (sentence, entities) => {
  const checks: Check[] = []
  for (const route of readRoutes(sentence)) {
    const entity = entityOfRoute(route, entities)
    for (const { param, value } of entity ? route.query : []) {
      if (!entity) continue
      if (searchParam.test(param)) checks.push({ pattern: 'search', entity: entity.name, fields: entity.search })
      const field = filterOfParam(entity, param)
      if (!field) continue
      addFilter(entity, field, param)
      const usable =
        value !== undefined && (!field.choices || field.choices.includes(value)) && ['text', 'list', 'choice'].includes(field.type)
      checks.push({ pattern: 'filter', entity: entity.name, field: field.name, param, ...(usable ? { value } : {}) })
    }
  }
  if (checks.length > 0) return checks
  if (!/\bfilter|\bonly\b|\bby day\b|필터|거르|걸러|만 (?:보|볼|나|표시|반환|남)|별로|하루/i.test(sentence)) return []
  const named = entitiesIn(sentence, entities)
  if (/\bonly\b|만 (?:보|볼|나|표시|반환|남)/i.test(sentence)) {
    const marked = fieldIn(sentence, entities, ({ type }) => type === 'boolean')
    if (marked) addFilter(marked.entity, marked.field)
  }
  for (const entity of [...named, ...entities]) {
    const mentioned = fieldsIn(entity, sentence).map(({ name }) => name)
    const daily = /\bday\b|하루|날짜/i.test(sentence) ? entity.fields.filter(({ type }) => type === 'date').map(({ name }) => name) : []
    const found = entity.filters.filter(({ field }) => mentioned.includes(field) || daily.includes(field))
    if (found.length > 0) return found.map(({ field, param }) => ({ pattern: 'filter', entity: entity.name, field, param }))
  }
  return []
}

export const search: Matcher = (sentence, entities) => {
  if (!/\bsearch|\bfind(?:s|ing)?\b.{0,40}\bby\b|검색|찾/i.test(sentence)) return []
  const entity = [...entitiesIn(sentence, entities), ...entities].find(({ search: fields }) => fields.length > 0)
  if (!entity) return []
  const named = fieldsIn(entity, sentence)
    .map(({ name }) => name)
    .filter((name) => entity.search.includes(name))
  return [{ pattern: 'search', entity: entity.name, fields: named.length > 0 ? named : entity.search }]
}
