import type { Entity, Field } from '../app-model.ts'
import { readField } from './fields.ts'
import { isFieldWord } from './lexicon.ts'
import { splitList } from './lists.ts'
import { fieldNamed, fieldsIn, isSortable } from './lookup.ts'
import type { ReadRoute } from './routes.ts'
import { entitiesIn, pick, subjectOf } from './subject.ts'
import { asciiWords, singular } from './words.ts'

/** How lists are ordered, cut into pages, filtered and searched. Every function reads one sentence and changes the entities. */

export interface Order {
  entity: Entity
  field: string
  direction: 'asc' | 'desc'
}

const newest =
  /\b(?:newest|latest|most recent(?:ly \w+)?|recent(?:ly \w+)? ones?|last added)\b.{0,40}\b(?:first|on top|at the top|top)\b|\breverse[- ]chronological|최신|최근.{0,20}(?:먼저|순|위|부터|앞)|새로운.{0,10}(?:먼저|부터)/i
const oldest = /\boldest\b.{0,20}\bfirst\b|(?<!reverse[- ])\bchronological|오래된.{0,12}(?:먼저|순|부터)|(?:등록|작성|추가)(?:한|된)? ?순/i
const descending =
  /\b(?:descending|desc|highest|largest|biggest|most expensive|most \w+|newest|latest|longest|best)\b|(?:높은|큰|많은|비싼|긴|최신|늦은)/i
const ascendingFirst =
  /\b(?:lowest|smallest|cheapest|shortest|earliest|soonest|nearest|oldest)\b|(?:낮은|작은|적은|싼|짧은|빠른|이른|가까운)/i

/** The order a sentence states, or null. */
export function orderOf(sentence: string, entities: Entity[]): Order | null {
  const subject = subjectOf(sentence, entities)
  if (!subject) return null
  const by =
    /\b(?:sort(?:ed|able|s)?|order(?:ed)?|rank(?:ed)?)\b[^.]{0,40}?\bby\s+(?:the\s+|its\s+|their\s+)?([^,.;()]{2,40})|([\p{L}\p{N} ]{1,20}?)(?:이|가)?\s?(?:높은|큰|많은|비싼|긴|늦은|낮은|작은|적은|싼|짧은|빠른|이른|가까운)?\s?순(?:서|으로|$|\s)/iu.exec(
      sentence,
    )
  const words = (by?.[1] ?? by?.[2] ?? '').replace(/\s(?:in|and|or|with|ascending|descending|asc|desc|newest|oldest|first|then)\b.*$/i, '')
  const named = (entity: Entity): Field | null => fieldNamed(entity, words) ?? fieldsIn(entity, words).findLast(isSortable) ?? null
  const owner = words === '' ? null : pick(sentence, entities, (entity) => named(entity) !== null)
  const field = owner && named(owner)
  if (owner && field && isSortable(field))
    return { entity: owner, field: field.name, direction: descending.test(sentence) ? 'desc' : 'asc' }
  if (/\balphabetical|가나다|사전 ?순/i.test(sentence)) return { entity: subject, field: subject.titleField, direction: 'asc' }
  const first =
    /\b(highest|lowest|largest|smallest|cheapest|most expensive|earliest|soonest|longest|shortest)\b\s*(\w+(?: \w+)?)?\s*\bfirst\b/i.exec(
      sentence,
    )
  if (first) {
    const sorted = fieldsIn(subject, sentence).find(isSortable) ?? firstSortable(subject, first[1] ?? '')
    if (sorted) return { entity: subject, field: sorted.name, direction: ascendingFirst.test(sentence) ? 'asc' : 'desc' }
  }
  if (newest.test(sentence)) return { entity: subject, field: 'createdAt', direction: 'desc' }
  if (oldest.test(sentence)) return { entity: subject, field: 'createdAt', direction: 'asc' }
  return null
}

function firstSortable(entity: Entity, word: string): Field | undefined {
  const wanted = /earliest|soonest/i.test(word) ? ['date', 'time'] : ['decimal', 'cents', 'integer']
  return entity.fields.find(({ type }) => wanted.includes(type))
}

/** Records a page, where a sentence says so. */
export function pageSizeOf(sentence: string): number | null {
  const found =
    /\b(\d{1,3})\s+(?:[\p{L}-]{1,20}\s+){0,5}?(?:to|per|a|on each|on a|on one|each|in a)\s+(?:each\s+|a\s+|one\s+)?page\b|\bpages? of (\d{1,3})\b|\bpage size(?: of| is|:)?\s*(\d{1,3})\b|\b(\d{1,3})\s+(?:[\p{L}-]{1,20}\s+)?at a time\b|페이지(?:당|에|마다)?\s?(\d{1,3})\s?(?:개|건|명|권|줄)?|(\d{1,3})(?:개|건|명|권|줄)?씩/iu.exec(
      sentence,
    )
  const size = Number(found?.slice(1).find((part) => part !== undefined))
  if (Number.isInteger(size) && size > 0) return Math.min(size, 200)
  return /\bpaginat|페이지네이션|페이징|페이지로 나/i.test(sentence) ? 20 : null
}

const notFilter = /^(?:q|query|search|s|keyword|term|page|limit|size|per_page|pagesize|sort|order|offset|format|id)$/i
export const searchParam = /^(?:q|query|search|s|keyword|term)$/i

/** The parameter of a filter: the singular of a list, else the field's own name. */
function paramOf(field: Field): string {
  const param = field.type === 'list' ? singular(field.name) : field.name
  return /^(?:q|page|pageSize)$/.test(param) ? field.name : param
}

export function addFilter(entity: Entity, field: Field, param = paramOf(field)): void {
  if (!entity.filters.some((filter) => filter.param === param)) entity.filters.push({ field: field.name, param })
}

/** A field the issue only mentions as something to filter or sort by. */
function inferField(entity: Entity, words: string, language: 'en' | 'ko'): Field | null {
  if (words.split(' ').length > 2 || !isFieldWord(asciiWords(words))) return null
  const read = readField(words, language)
  if (!read || entity.fields.some(({ name }) => name === read.field.name)) return null
  const field: Field = { ...read.field, required: false }
  entity.fields.push(field)
  return field
}

const filterWords =
  /\bfilter(?:s|ed|ing|able)?\b[^.]{0,40}?\b(?:by|on|to)\s+([^.;()]{2,80})|\b(?:only|just)\s+(?:the\s+)?(?:[\p{L}-]+\s+){1,3}(?:with|of|in|for|by)\s+(?:a |an |the |that |one |this |some |given )?([^.;(),]{2,40})|\b(?:see|view|list|show|browse|group|look at)\b[^.]{0,50}?\bby\s+([^.;(),]{2,40})/iu
const koreanFilter =
  /([\p{L}\p{N} ,·/]{1,40}?)(?:으로|로|별로|별)\s*(?:[\p{L}\p{N}]+\s*){0,3}?(?:필터|거르|걸러|골라|모아|보기|본다|조회|볼 수|보여|분류|확인)/iu

/** Reads filters out of one sentence. "By day" means the entity's date. */
export function readFilters(sentence: string, entities: Entity[], language: 'en' | 'ko'): void {
  const found = filterWords.exec(sentence) ?? koreanFilter.exec(sentence)
  if (!found || /\bsort|\border(?:ed)? by/i.test(sentence)) return
  const explicit = /\bfilter|필터|거르|걸러/i.test(sentence)
  const words = found.slice(1).find((part) => part !== undefined) ?? ''
  for (const piece of splitList(
    words
      .replace(/\s+or\s+/g, ', ')
      .replace(/\b(?:so that|to see|to find|and search|and (?:see |show )?(?:the |a )?(?:total|sum))\b.*$/i, ''),
  )) {
    const name = piece
      .replace(/^(?:the|a|an|its|their|that|one|each)\s+/i, '')
      .replace(/(?:으로|로|별로|별)$/, '')
      .trim()
    const owner = pick(sentence, entities, (entity) => fieldNamed(entity, name) !== null)
    const field = owner && fieldNamed(owner, name)
    if (owner && field) addFilter(owner, field)
    else if (explicit) {
      const subject = subjectOf(sentence, entities)
      const mark = subject?.fields.find(({ type }) => type === 'boolean')
      // "By status" of a record that can only be done or not means that mark.
      const inferred = subject && (/^(?:status|state|상태|완료 여부)$/i.test(name) && mark ? mark : inferField(subject, name, language))
      if (subject && inferred) addFilter(subject, inferred)
    }
  }
  readDayFilters(sentence, entities)
}

/** "하루 단위로 …별", "by day": the date and every reference that is named with it. */
function readDayFilters(sentence: string, entities: Entity[]): void {
  if (
    !/하루|일별|날짜별|일 단위|\b(?:by|per|for (?:a|one|each)|of (?:a|one)) (?:given |single )?(?:day|date)\b|\bday by day\b|\bdaily\b/i.test(
      sentence,
    )
  )
    return
  const owner = pick(sentence, entities, (entity) => entity.fields.some(({ type }) => type === 'date'))
  const date = owner?.fields.find(({ type }) => type === 'date')
  if (!owner || !date) return
  addFilter(owner, date)
  const others = entitiesIn(sentence, entities)
  for (const field of owner.fields)
    if (field.type === 'reference' && others.some(({ name }) => name === field.target)) addFilter(owner, field)
}

/** Fields that `?q=` searches, read from one sentence. */
export function readSearch(sentence: string, entities: Entity[]): void {
  if (!/\bsearch(?:es|ed|ing|able)?\b|\bfind\s+(?:[\p{L}-]+\s+){1,4}by\b|\blook(?:ing)? up\b|검색|찾을 수|찾기/iu.test(sentence)) return
  const named = entitiesIn(sentence, entities)
  const tail = /\b(?:search|find|look)\w*\b(.*)$/i.exec(sentence)?.[1] ?? sentence
  const owner =
    pick(sentence, named.length > 0 ? named : entities, (entity) => fieldsIn(entity, tail).some(isText)) ?? subjectOf(sentence, entities)
  if (!owner) return
  const fields = fieldsIn(owner, tail).filter(isText)
  const searched = fields.length > 0 ? fields : owner.fields.filter(({ type }) => type === 'text' || type === 'longtext')
  owner.search = [...new Set([...owner.search, ...searched.map(({ name }) => name)])]
}

function isText({ type }: Field): boolean {
  return ['text', 'longtext', 'url', 'email', 'list', 'choice'].includes(type)
}

/** The field that a query parameter filters by, made where the issue names it nowhere else. */
export function filterOfParam(entity: Entity, param: string): Field | null {
  if (notFilter.test(param)) return null
  const bare = param.replace(/_?id$/i, '')
  const field =
    fieldNamed(entity, param) ??
    (bare === '' ? null : (fieldNamed(entity, bare) ?? fieldNamed(entity, bare.replace(/([a-z])([A-Z])/g, '$1 $2'))))
  if (field) return field
  const read = readField(param.replace(/[_-]/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2'), 'en')
  if (!read) return null
  const inferred: Field = { ...read.field, required: false }
  entity.fields.push(inferred)
  return inferred
}

/** `GET /api/things?label=red` is a filter, `?q=` a search, `?page=2` paging. */
export function readQueries(routes: ReadRoute[], entities: Entity[]): void {
  for (const route of routes) {
    const entity = entityOfRoute(route, entities)
    if (!entity) continue
    for (const { param } of route.query) {
      if (searchParam.test(param) && entity.search.length === 0)
        entity.search = entity.fields.filter(({ type }) => type === 'text' || type === 'longtext').map(({ name }) => name)
      if (/^page$/i.test(param)) entity.pageSize ??= 20
      const field = filterOfParam(entity, param)
      if (field) addFilter(entity, field, param)
    }
  }
}

export function entityOfRoute(route: ReadRoute, entities: Entity[]): Entity | null {
  const last = [...route.parts].reverse().find((part) => part !== ':')
  return entities.find(({ route: own }) => own.split('/').at(-1) === last) ?? null
}
