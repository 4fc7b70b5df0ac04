import type { Check, Entity, Rule } from '../app-model.ts'
import { saysMore, why } from './beyond.ts'
import { filters, type Matcher, order, paging, search } from './list-criteria.ts'
import { fieldsIn } from './lookup.ts'
import { englishPhrase, koreanPhrase } from './phrases.ts'
import { refusedChecks } from './refused.ts'
import { countedIn, refusedRemoval, sumIn, uniqueIn } from './rules.ts'
import { settlementExample, settlementOf } from './settlement.ts'
import { entitiesIn, subjectOf } from './subject.ts'
import { adjacentIn, comparedIn, freedIn, orderedIn, overlapWords } from './time-rules.ts'

/** From one criterion's sentence to the checks that test it. */

const persists =
  /\b(?:re-?start|re-?load|refresh|re-?boot|restarted|re-?open)\w*|\bpersist\w*|\bsurviv\w+|\bnot lost\b|\bstill there\b|\bafter closing\b|다시 시작|재시작|껐다|새로 ?고침|재부팅|서버를 (?:다시|재)|영구/i

const persistence: Matcher = (sentence, entities) => {
  const entity = subjectOf(sentence, entities)
  return entity && persists.test(sentence) && !/\btoken|session|login|logged\b/i.test(sentence)
    ? [{ pattern: 'persists', entity: entity.name }]
    : []
}

const settlement: Matcher = (sentence, entities) => {
  const example = settlementExample(sentence, entities)
  if (example) return [example]
  const found = settlementOf(entities)
  const zero = /\b(?:balances?|sums?|total)\b.{0,60}\b(?:zero|0)\b|(?:합|잔액|정산).{0,30}0/i.test(sentence)
  return found && zero ? [{ pattern: 'zeroSum', entity: found.entity.name }] : []
}

function withRule(entities: Entity[], kind: Rule['kind']): Entity | undefined {
  return entities.find(({ rules }) => rules.some((rule) => rule.kind === kind))
}

const times: Matcher = (sentence, entities) => {
  const overlap = withRule(entities, 'overlap')
  const ordered = withRule(entities, 'ordered')
  if (overlap && freedIn(sentence)) return [{ pattern: 'freedByDelete', entity: overlap.name }]
  if (overlap && adjacentIn(sentence) && !/\boverlapping\b.*\brefus|보다 (?:빠|이르)/i.test(sentence))
    return [{ pattern: 'adjacent', entity: overlap.name }]
  const told = comparedIn(sentence, entities)
  if (told?.entity.rules.some((rule) => rule.kind === 'ordered' && rule.lower === told.lower.name))
    return [{ pattern: 'ordered', entity: told.entity.name }]
  if (ordered && orderedIn(sentence)) return [{ pattern: 'ordered', entity: ordered.name }]
  const clash =
    overlapWords.test(sentence) ||
    /\btaken\b|\balready (?:reserved|occupied|rented|in use)\b|이미 .{1,12}(?:시간|기간|날짜)|\bconflict|\btwice\b/i.test(sentence)
  return overlap && clash ? [{ pattern: 'overlap', entity: overlap.name }] : []
}

const removal: Matcher = (sentence, entities) => {
  const found = refusedRemoval(sentence, entities)
  if (!found) return []
  return found.rule.kind === 'refuseRemoveItem'
    ? [{ pattern: 'refuseRemoveItem', entity: found.entity.name, field: found.rule.field }]
    : [{ pattern: 'refuseDelete', entity: found.entity.name }]
}

const counter: Matcher = (sentence, entities) => {
  if (!countedIn(sentence)) return []
  for (const entity of [...entitiesIn(sentence, entities), ...entities]) {
    const rule = entity.rules.find((one) => one.kind === 'counter')
    if (rule?.kind === 'counter') return [{ pattern: 'counter', entity: entity.name, field: rule.field }]
  }
  return []
}

const unique: Matcher = (sentence, entities) => {
  const found = overlapWords.test(sentence) ? null : uniqueIn(sentence, entities)
  if (!found) return []
  found.field.unique = true
  return [{ pattern: 'unique', entity: found.entity.name, field: found.field.name }]
}

const sum: Matcher = (sentence, entities) => {
  const found = sumIn(sentence, entities)
  return found ? [{ pattern: 'sum', entity: found.entity.name, field: found.field.name }] : []
}

const defaults: Matcher = (sentence, entities) => {
  if (
    !/\b(?:new|newly|fresh|just)\b.{0,40}\b(?:is|are|starts?|has|gets?|begins?)\b|\bdefault|\binitial|\bunless\b|기본|처음에는|새로? (?:만든|등록한|추가한)/i.test(
      sentence,
    )
  )
    return []
  for (const entity of [...entitiesIn(sentence, entities), ...entities]) {
    for (const field of entity.fields) {
      const choice = field.choices?.find((one) => sentence.toLowerCase().includes(one.toLowerCase()))
      if (choice) field.default = choice
      const value = choice ?? (field.type === 'boolean' && fieldsIn(entity, sentence).includes(field) ? false : undefined)
      if (value !== undefined) return [{ pattern: 'default', entity: entity.name, field: field.name, value }]
    }
  }
  return []
}

const unknown: Matcher = (sentence, entities) => {
  const entity = subjectOf(sentence, entities)
  const found =
    /\b404\b|\bunknown (?:id|record|address)\b|\b(?:does not|doesn't|not) exist|\bnot found\b|존재하지 않|없는 (?:id|아이디)/i.test(
      sentence,
    )
  return entity && found ? [{ pattern: 'notFound', entity: entity.name }] : []
}

const deeds: Matcher = (sentence, entities) => {
  const phrase = englishPhrase(sentence) ?? koreanPhrase(sentence)
  const entity = subjectOf(sentence, entities)
  if (!entity || (entitiesIn(sentence, entities).length === 0 && fieldsIn(entity, sentence).length === 0)) return []
  const words: ['create' | 'update' | 'delete', RegExp][] = [
    [
      'create',
      /\b(?:creat|add|register|record|submit|post|enter|log|stor|sav)\w*\b|\b(?:appear|show|list|display|see|visible|return)\w*\b|등록|추가|만들|작성|입력|생성|기록|저장|목록|보인|보여|조회/i,
    ],
    ['update', /\b(?:edit|updat|chang|modif|renam|mark|toggl)\w*\b|\bcomplet(?:e|ing) (?:an?|the)\b|수정|변경|편집|바꾸|바꿀|표시|완료/i],
    ['delete', /\b(?:delet|remov|cancel|archiv)\w*\b|삭제|제거|취소|지우|지울/i],
  ]
  const found = words.filter(([pattern, verb]) => phrase?.deeds.includes(pattern) || verb.test(sentence)).map(([pattern]) => pattern)
  const strongest = found.includes('delete') ? ['delete' as const] : found.includes('update') ? ['update' as const] : found
  const both = /\band\b.{0,20}\b(?:delete|remove)\b/i.test(sentence) ? found : strongest
  return both.map((pattern): Check => ({ pattern, entity: entity.name }))
}

/** Matchers in order of how much they explain; the first that finds something decides. */
const matchers: Matcher[] = [
  settlement,
  times,
  removal,
  unknown,
  persistence,
  counter,
  unique,
  refusedChecks,
  paging,
  order,
  filters,
  search,
  sum,
  defaults,
]

/** The checks of one criterion; exactly one `untestable` where nothing fits. */
export function checksFor(sentence: string, entities: Entity[]): Check[] {
  for (const matcher of matchers) {
    const checks = matcher(sentence, entities)
    if (checks.length > 0) return checks
  }
  if (!saysMore(sentence)) {
    const checks = deeds(sentence, entities)
    if (checks.length > 0) return checks
  }
  return [{ pattern: 'untestable', why: why(sentence) }]
}
