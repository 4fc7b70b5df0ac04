import type { Check, CriterionModel, Entity } from '../app-model.ts'

/** One derived criterion in both languages. */
type Derived = [english: string, korean: string, check: Check]

/** Criteria that follow from what was read, where the issue states none (or none that can be tested). */
export function deriveCriteria(entities: Entity[], main: Entity, language: 'en' | 'ko', from: number): CriterionModel[] {
  return [...ofRecords(main), ...ofLists(main), ...ofRules(entities)].map(([english, korean, check], index) => ({
    id: `AC-${from + index}`,
    text: language === 'ko' ? korean : english,
    derived: true,
    checks: [check],
  }))
}

function ofRecords(main: Entity): Derived[] {
  const { label, name: entity } = main
  const one = withArticle(label)
  const required =
    main.fields.find(({ name, required }) => required && name === main.titleField) ??
    main.fields.find(({ required, system }) => required && !system)
  const refused: Derived[] = required
    ? [
        [
          `Creating ${one} without "${required.label}" is refused with a message that names the field.`,
          `${required.label} 없이 만드는 ${label} 항목은 거절되고, 어느 항목이 빠졌는지 알려 준다.`,
          { pattern: 'refused', entity, field: required.name, values: [{ missing: true }] },
        ],
      ]
    : []
  return [
    [`A new ${label} can be created and is shown in the list.`, `새 ${label} 항목을 만들면 목록에 보인다.`, { pattern: 'create', entity }],
    ...refused,
    [
      `A saved ${label} is still there after a restart.`,
      `다시 시작해도 저장한 ${label} 항목이 남아 있다.`,
      { pattern: 'persists', entity },
    ],
    [`${capital(one)} can be changed.`, `${label} 항목을 수정할 수 있다.`, { pattern: 'update', entity }],
    [`${capital(one)} can be deleted.`, `${label} 항목을 삭제할 수 있다.`, { pattern: 'delete', entity }],
  ]
}

function ofLists(main: Entity): Derived[] {
  const { labelPlural, name: entity, order, search, pageSize } = main
  const newest = order.field === 'createdAt' && order.direction === 'desc'
  const found: Derived[] = main.filters.map(({ field, param }) => [
    `The list can be filtered by "${param}".`,
    `목록을 ${param} 값으로 거를 수 있다.`,
    { pattern: 'filter', entity, field, param },
  ])
  if (search.length > 0) {
    const fields = search.join(', ')
    found.push([
      `Searching finds ${labelPlural} by ${fields}.`,
      `${fields} 안에서 검색할 수 있다.`,
      { pattern: 'search', entity, fields: search },
    ])
  }
  found.push([
    newest
      ? 'The list shows the newest first.'
      : `The list is ordered by ${order.field}, ${order.direction === 'asc' ? 'ascending' : 'descending'}.`,
    newest ? '목록은 최신순이다.' : `목록은 ${order.field} ${order.direction === 'asc' ? '오름차순' : '내림차순'}이다.`,
    { pattern: 'order', entity, ...order },
  ])
  if (pageSize) {
    found.push([`A page holds ${pageSize} ${labelPlural}.`, `한 페이지에 ${pageSize}개씩 보인다.`, { pattern: 'paging', entity, pageSize }])
  }
  return found
}

function ofRules(entities: Entity[]): Derived[] {
  return entities.flatMap((entity) =>
    ruleChecks(entity).map((check): Derived => [textOf(check, entity), textOf(check, entity, true), check]),
  )
}

function withArticle(label: string): string {
  return `${/^[aeio]|^u(?!ni|se)/i.test(label) ? 'an' : 'a'} ${label}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function ruleChecks(entity: Entity): Check[] {
  const unique = entity.fields
    .filter(({ unique }) => unique)
    .map(({ name }): Check => ({ pattern: 'unique', entity: entity.name, field: name }))
  const ruled = entity.rules.flatMap((rule): Check[] => {
    if (rule.kind === 'counter') return [{ pattern: 'counter', entity: entity.name, field: rule.field }]
    if (rule.kind === 'overlap') return (['overlap', 'adjacent'] as const).map((pattern) => ({ pattern, entity: entity.name }))
    if (rule.kind === 'ordered') return [{ pattern: 'ordered', entity: entity.name }]
    if (rule.kind === 'refuseDelete') return [{ pattern: 'refuseDelete', entity: entity.name }]
    if (rule.kind === 'refuseRemoveItem') return [{ pattern: 'refuseRemoveItem', entity: entity.name, field: rule.field }]
    if (rule.kind === 'settlement') return [{ pattern: 'zeroSum', entity: entity.name }]
    return [{ pattern: 'sum', entity: entity.name, field: rule.field }]
  })
  return [...unique, ...ruled]
}

function textOf(check: Check, { label, labelPlural }: Entity, korean = false): string {
  const one = withArticle(label)
  const texts: Partial<Record<Check['pattern'], [string, string]>> = {
    counter: [`Opening ${one} raises its counter by one.`, `${label} 항목을 열면 횟수가 1 올라간다.`],
    overlap: [
      `${capital(one)} that overlaps another is refused and the other one is named.`,
      `시간이 겹치는 ${label} 항목은 거절되고, 무엇과 겹치는지 알려 준다.`,
    ],
    adjacent: [`${capital(one)} that starts when another ends is accepted.`, `앞의 것이 끝나는 때에 시작하는 ${label} 항목은 허용된다.`],
    unique: [`Two ${labelPlural} cannot share what is unique to one.`, `${label} 항목의 고유한 값은 겹칠 수 없다.`],
    ordered: [`${capital(one)} whose end is not after its start is refused.`, `끝이 시작보다 늦지 않은 ${label} 항목은 거절된다.`],
    refuseDelete: [`${capital(one)} that is in use cannot be deleted.`, `쓰이고 있는 ${label} 항목은 삭제할 수 없다.`],
    refuseRemoveItem: [`An entry of ${one} that is in use cannot be removed.`, `${label}에서 쓰이고 있는 것은 뺄 수 없다.`],
    zeroSum: [`The balances of ${one} add up to zero.`, `${label}의 잔액 합은 0이다.`],
    sum: [`The total of the listed ${labelPlural} is right.`, `${label} 목록의 합계가 맞다.`],
  }
  return texts[check.pattern]?.[korean ? 1 : 0] ?? check.pattern
}
