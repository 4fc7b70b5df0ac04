import type { Check, CriterionModel, Entity, Rule } from '../app-model.ts'
import { fieldsIn } from './entities.ts'
import { addFilter, entityOfRoute, filterOfParam, orderOf, pageSizeOf, searchParam } from './listing.ts'
import { englishPhrase, koreanPhrase } from './phrases.ts'
import { refusedChecks } from './refused.ts'
import { readRoutes } from './routes.ts'
import { countedIn, refusedRemoval, sumIn, uniqueIn } from './rules.ts'
import { settlementExample, settlementOf } from './settlement.ts'
import { entitiesIn, fieldIn, subjectOf } from './subject.ts'
import { adjacentIn, freedIn, orderedIn, overlapWords, pairOf } from './time-rules.ts'

/** From one criterion's sentence to the checks that test it. */

type Matcher = (sentence: string, entities: Entity[]) => Check[]

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

const paging: Matcher = (sentence, entities) => {
  const entity = subjectOf(sentence, entities)
  const turned = /\bpage (?:2|two)\b|\b(?:next|second) page\b|두 번째 페이지|다음 페이지|2 ?페이지/i.test(sentence)
  const pageSize = pageSizeOf(sentence) ?? (turned ? (entity?.pageSize ?? null) : null)
  if (!entity || pageSize === null) return []
  entity.pageSize = pageSize
  return [{ pattern: 'paging', entity: entity.name, pageSize }]
}

const order: Matcher = (sentence, entities) => {
  const found = orderOf(sentence, entities)
  if (!found) return []
  found.entity.order = { field: found.field, direction: found.direction }
  return [{ pattern: 'order', entity: found.entity.name, field: found.field, direction: found.direction }]
}

/** `GET /api/things?label=red` returns only …, "filtering by label shows only …". */
const filters: Matcher = (sentence, entities) => {
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

const search: Matcher = (sentence, entities) => {
  if (!/\bsearch|\bfind(?:s|ing)?\b.{0,40}\bby\b|검색|찾/i.test(sentence)) return []
  const entity = [...entitiesIn(sentence, entities), ...entities].find(({ search: fields }) => fields.length > 0)
  if (!entity) return []
  const named = fieldsIn(entity, sentence)
    .map(({ name }) => name)
    .filter((name) => entity.search.includes(name))
  return [{ pattern: 'search', entity: entity.name, fields: named.length > 0 ? named : entity.search }]
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

/** What a test through the app's own interface cannot see. */
const beyond: [RegExp, string][] = [
  [
    /\b(?:phone|mobile|responsive|screen|looks?|layout|colou?rs?|design|button|dark mode|font|keyboard|accessib\w+|drag)\b|모바일|화면|디자인|반응형|버튼|색/i,
    'It is about how the page looks or is handled; the tests speak to the app over HTTP only.',
  ],
  [
    /\b(?:fast|quick|performance|seconds?|milliseconds?|ms|latency|load)\b|빠르|초 안|초 이내|성능/i,
    'Speed depends on the machine; a test of it here would prove nothing.',
  ],
  [
    /\b(?:log ?in|sign ?in|sign ?up|passwords?|oauth|permissions?|roles?|admins?|owners?|private|authenticat\w+|authoris\w+|authoriz\w+)\b|로그인|권한|비밀번호|관리자만|본인만|회원가입/i,
    'Accounts and permissions are beyond what this generator builds.',
  ],
  [
    /\b(?:e-?mails?|mail|notif\w+|sms|slack|push|remind\w*)\b|알림|메일|문자/i,
    'Messages to the outside cannot be sent or seen from the sandbox.',
  ],
  [
    /\b(?:csv|excel|pdf|export\w*|import\w*|upload\w*|photos?|images?|download\w*|print\w*)\b|엑셀|내보내|업로드|다운로드|사진/i,
    'Files in and out are beyond what this generator builds.',
  ],
]
const unclear = 'The rule-based reader recognises no pattern in it that it could test.'

/** Words that claim more than that a record is made, changed or deleted; testing only that would be a lie. */
const qualified =
  /\b(?:sort|order|group|filter|search|first|last|only|hid(?:e|es|den|ing)|per|unless|except|automatic\w*|remind\w*|limit\w*|maximum|at most|at least)\b|순서|정렬|검색|필터|자동|최대|최소|제한/i

function why(sentence: string): string {
  return beyond.find(([words]) => words.test(sentence))?.[1] ?? unclear
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
  if (!beyond.some(([words]) => words.test(sentence)) && !qualified.test(sentence)) {
    const checks = deeds(sentence, entities)
    if (checks.length > 0) return checks
  }
  return [{ pattern: 'untestable', why: why(sentence) }]
}

/** Criteria that follow from what was read, where the issue states none (or none that can be tested). */
export function deriveCriteria(entities: Entity[], main: Entity, language: 'en' | 'ko', from: number): CriterionModel[] {
  const found: { text: string; checks: Check[] }[] = []
  const add = (en: string, ko: string, check: Check): void => {
    found.push({ text: language === 'ko' ? ko : en, checks: [check] })
  }
  const { label, labelPlural, name: entity } = main
  const one = withArticle(label)
  const owner = pairOf(main) ? main : undefined
  add(`A new ${label} can be created and is shown in the list.`, `새 ${label} 항목을 만들면 목록에 보인다.`, { pattern: 'create', entity })
  const required =
    main.fields.find(({ name, required }) => required && name === main.titleField) ??
    main.fields.find(({ required, system }) => required && !system)
  if (required)
    add(
      `Creating ${one} without "${required.label}" is refused with a message that names the field.`,
      `${required.label} 없이 만드는 ${label} 항목은 거절되고, 어느 항목이 빠졌는지 알려 준다.`,
      { pattern: 'refused', entity, field: required.name, values: [{ missing: true }] },
    )
  add(`A saved ${label} is still there after a restart.`, `다시 시작해도 저장한 ${label} 항목이 남아 있다.`, {
    pattern: 'persists',
    entity,
  })
  add(`${capital(one)} can be changed.`, `${label} 항목을 수정할 수 있다.`, { pattern: 'update', entity })
  add(`${capital(one)} can be deleted.`, `${label} 항목을 삭제할 수 있다.`, { pattern: 'delete', entity })
  for (const { field, param } of main.filters)
    add(`The list can be filtered by "${param}".`, `목록을 ${param} 값으로 거를 수 있다.`, { pattern: 'filter', entity, field, param })
  if (main.search.length > 0)
    add(`Searching finds ${labelPlural} by ${main.search.join(', ')}.`, `${main.search.join(', ')} 안에서 검색할 수 있다.`, {
      pattern: 'search',
      entity,
      fields: main.search,
    })
  add(
    `The list is ordered by ${main.order.field}, ${main.order.direction === 'asc' ? 'ascending' : 'descending'}.`,
    `목록은 ${main.order.field} ${main.order.direction === 'asc' ? '오름차순' : '내림차순'}이다.`,
    { pattern: 'order', entity, ...main.order },
  )
  if (main.pageSize)
    add(`A page holds ${main.pageSize} ${labelPlural}.`, `한 페이지에 ${main.pageSize}개씩 보인다.`, {
      pattern: 'paging',
      entity,
      pageSize: main.pageSize,
    })
  for (const one of entities) for (const check of ruleChecks(one)) add(textOf(check, one), textOf(check, one, true), check)
  if (owner?.rules.some(({ kind }) => kind === 'overlap'))
    add(`${capital(one)} that starts when another ends is accepted.`, `앞의 것이 끝나는 때에 시작하는 ${label} 항목은 허용된다.`, {
      pattern: 'adjacent',
      entity,
    })
  return found.map(({ text, checks }, index) => ({ id: `AC-${from + index}`, text, derived: true, checks }))
}

function withArticle(label: string): string {
  return `${/^[aeio]|^u(?!ni|se)/i.test(label) ? 'an' : 'a'} ${label}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function ruleChecks(entity: Entity): Check[] {
  return entity.rules.flatMap((rule): Check[] => {
    if (rule.kind === 'counter') return [{ pattern: 'counter', entity: entity.name, field: rule.field }]
    if (rule.kind === 'overlap' || rule.kind === 'ordered') return [{ pattern: rule.kind, entity: entity.name }]
    if (rule.kind === 'refuseDelete') return [{ pattern: 'refuseDelete', entity: entity.name }]
    if (rule.kind === 'refuseRemoveItem') return [{ pattern: 'refuseRemoveItem', entity: entity.name, field: rule.field }]
    if (rule.kind === 'settlement') return [{ pattern: 'zeroSum', entity: entity.name }]
    return [{ pattern: 'sum', entity: entity.name, field: rule.field }]
  })
}

function textOf(check: Check, { label, labelPlural }: Entity, korean = false): string {
  const one = withArticle(label)
  const texts: Partial<Record<Check['pattern'], [string, string]>> = {
    counter: [`Opening ${one} raises its counter by one.`, `${label} 항목을 열면 횟수가 1 올라간다.`],
    overlap: [
      `${capital(one)} that overlaps another is refused and the other one is named.`,
      `시간이 겹치는 ${label} 항목은 거절되고, 무엇과 겹치는지 알려 준다.`,
    ],
    ordered: [`${capital(one)} whose end is not after its start is refused.`, `끝이 시작보다 늦지 않은 ${label} 항목은 거절된다.`],
    refuseDelete: [`${capital(one)} that is in use cannot be deleted.`, `쓰이고 있는 ${label} 항목은 삭제할 수 없다.`],
    refuseRemoveItem: [`An entry of ${one} that is in use cannot be removed.`, `${label}에서 쓰이고 있는 것은 뺄 수 없다.`],
    zeroSum: [`The balances of ${one} add up to zero.`, `${label}의 잔액 합은 0이다.`],
    sum: [`The total of the listed ${labelPlural} is right.`, `${label} 목록의 합계가 맞다.`],
  }
  return texts[check.pattern]?.[korean ? 1 : 0] ?? check.pattern
}
