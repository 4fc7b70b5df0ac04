import type { AppModel, Entity, Field, Rule } from '../app-model.ts'
import { type Say, say } from './words.ts'

/** The product strategist's document, from what was read of the issue. */
export function specification(model: AppModel): object {
  const words = say(model.language)
  return {
    title: model.title,
    summary: model.summary,
    functional: functional(model, words).map((text, index) => ({ id: `FR-${index + 1}`, text })),
    nonFunctional: nonFunctional(words).map((text, index) => ({ id: `NFR-${index + 1}`, text })),
    stack: stack(words),
    database: model.entities.map((entity) => ({
      entity: entity.name,
      fields: [...recordFields(entity, words), ...entity.fields.map((field) => fieldRow(field, words))],
    })),
    api: model.entities.flatMap((entity) => routesOf(entity, words)),
    ui: model.entities.map((entity) => viewOf(entity, words)),
    criteria: model.criteria.map(({ id, text, derived }) => ({ id, text, derived })),
  }
}

function functional(model: AppModel, words: Say): string[] {
  const stated = model.statements.filter((text) => text.length > 3)
  const rules = model.entities.flatMap((entity) => entity.rules.map((rule) => ruleText(entity, rule, words)))
  const kept = model.entities.map((entity) =>
    words(`The app keeps ${entity.labelPlural}: ${labels(entity)}.`, `앱은 ${entity.labelPlural} 기록을 보관한다: ${labels(entity)}.`),
  )
  return [...stated, ...kept, ...rules]
}

function labels(entity: Entity): string {
  return entity.fields.map(({ label }) => label).join(', ')
}

function ruleText(entity: Entity, rule: Rule, words: Say): string {
  const { label } = entity
  switch (rule.kind) {
    case 'overlap':
      return words(
        `Two ${entity.labelPlural} with the same ${rule.within.join(' and ')} may not share time; touching is allowed.`,
        `${rule.within.join(', ')} 값이 같은 ${label} 둘은 시간이 겹칠 수 없다. 맞닿는 것은 된다.`,
      )
    case 'ordered':
      return words(
        `The ${rule.upper} of a ${label} lies after its ${rule.lower}.`,
        `${label}의 ${rule.upper} 값은 ${rule.lower} 값보다 늦다.`,
      )
    case 'counter':
      return words(
        `GET ${rule.route} raises "${rule.field}" by one${rule.target ? ' and redirects to the address' : ''}.`,
        `GET ${rule.route} 요청은 ${rule.field} 값을 1 올린다.`,
      )
    case 'refuseDelete':
      return words(
        `A ${label} that a ${rule.entity} points to cannot be deleted.`,
        `${rule.entity} 기록이 가리키는 ${label} 기록은 삭제할 수 없다.`,
      )
    case 'refuseRemoveItem':
      return words(
        `An entry of "${rule.field}" that a ${rule.entity} names cannot be removed.`,
        `${rule.entity} 기록에 나오는 ${rule.field} 항목은 뺄 수 없다.`,
      )
    case 'settlement':
      return words(
        `GET ${entity.route}/:id/${rule.path} answers the balances and the fewest payments that settle them.`,
        `GET ${entity.route}/:id/${rule.path} 요청은 잔액과 가장 적은 수의 송금을 알려 준다.`,
      )
    case 'sum':
      return words(
        `The sum of "${rule.field}" over the listed ${entity.labelPlural} is shown.`,
        `목록에 있는 ${label}의 ${rule.field} 합계를 보여 준다.`,
      )
  }
}

function nonFunctional(words: Say): string[] {
  return [
    words('Data outlives restarts and new deployments.', '데이터는 다시 시작하거나 새로 배포해도 남는다.'),
    words('The page works on a phone and by keyboard alone.', '페이지는 휴대전화에서도, 키보드만으로도 쓸 수 있다.'),
    words('Whatever a person enters is shown as text and never run.', '입력한 내용은 언제나 글자로만 보이고 실행되지 않는다.'),
    words(
      'Refused input names the field and the reason; nothing a client sends causes a server error.',
      '거절된 입력은 항목과 이유를 알려 주며, 어떤 요청도 서버 오류를 일으키지 않는다.',
    ),
    words('The app needs no network and no service besides itself.', '앱은 네트워크나 다른 서비스를 쓰지 않는다.'),
  ]
}

function stack(words: Say): object[] {
  return [
    { part: words('runtime', '실행 환경'), choice: 'Node.js 20, ES modules', why: words('given by the house', '정해진 구성') },
    {
      part: words('HTTP', 'HTTP'),
      choice: 'hono 4.13.19, @hono/node-server 2.1.8',
      why: words('small, well known, no native code', '작고 널리 쓰이며 네이티브 코드가 없다'),
    },
    {
      part: words('data', '데이터'),
      choice: '$DATA_DIR/data.json',
      why: words('one file, replaced atomically', '파일 하나를 원자적으로 바꾼다'),
    },
    { part: words('page', '페이지'), choice: 'HTML, CSS, JavaScript', why: words('nothing to build', '빌드가 필요 없다') },
  ]
}

function recordFields(entity: Entity, words: Say): object[] {
  const own = { required: true, note: words('set by the app', '앱이 정한다') }
  return [
    { name: 'id', type: 'string', ...own },
    ...(entity.parent ? [{ name: `${entity.parent}Id`, type: 'string', ...own }] : []),
    { name: 'createdAt', type: 'datetime', ...own },
  ]
}

function fieldRow(field: Field, words: Say): object {
  const { minLength, maxLength, min, max, minItems, schemes, choices, target, listField, unique, system } = field
  const notes = [
    field.label,
    minLength !== undefined && words(`at least ${minLength} characters`, `${minLength}자 이상`),
    maxLength !== undefined && words(`up to ${maxLength} characters`, `${maxLength}자 이하`),
    min !== undefined && `>= ${min}`,
    max !== undefined && `<= ${max}`,
    minItems !== undefined && words(`at least ${minItems} entries`, `${minItems}개 이상`),
    schemes?.join('/'),
    choices?.join(' / '),
    target && `-> ${target}`,
    listField && words(`out of the parent's ${listField}`, `상위 기록의 ${listField} 중에서`),
    unique && words('unique', '중복 불가'),
    system && words('kept by the app', '앱이 관리'),
  ]
  return { name: field.name, type: field.type, required: field.required, note: notes.filter((note) => typeof note === 'string').join('; ') }
}

function routesOf(entity: Entity, words: Say): object[] {
  const { route, labelPlural, label } = entity
  const query = [
    ...(entity.pageSize ? ['page'] : []),
    ...(entity.search.length > 0 ? ['q'] : []),
    ...entity.filters.map(({ param }) => param),
  ]
  const own = entity.rules.flatMap((rule): object[] => {
    if (rule.kind === 'counter') return [{ method: 'GET', path: rule.route, does: ruleText(entity, rule, words) }]
    if (rule.kind === 'settlement') return [{ method: 'GET', path: `${route}/:id/${rule.path}`, does: ruleText(entity, rule, words) }]
    if (rule.kind === 'sum') return [{ method: 'GET', path: `${route}/${rule.path}`, does: ruleText(entity, rule, words) }]
    if (rule.kind === 'refuseRemoveItem')
      return [{ method: 'DELETE', path: `${route}/:id/${rule.field}/:item`, does: ruleText(entity, rule, words) }]
    return []
  })
  return [
    { method: 'POST', path: route, does: words(`creates a ${label}`, `${label} 만들기`) },
    {
      method: 'GET',
      path: query.length > 0 ? `${route}?${query.map((name) => `${name}=`).join('&')}` : route,
      does: words(`lists ${labelPlural}`, `${labelPlural} 목록`),
    },
    { method: 'GET', path: `${route}/:id`, does: words(`reads one ${label}`, `${label} 하나 읽기`) },
    { method: 'PATCH', path: `${route}/:id`, does: words(`changes a ${label}`, `${label} 수정`) },
    { method: 'DELETE', path: `${route}/:id`, does: words(`deletes a ${label}`, `${label} ${entity.deleteLabel ?? '삭제'}`) },
    ...own,
  ]
}

function viewOf(entity: Entity, words: Say): object {
  return {
    view: entity.labelPlural,
    shows: words(`the list of ${entity.labelPlural} with ${labels(entity)}`, `${entity.labelPlural} 목록: ${labels(entity)}`),
    actions: [
      words('add', '추가'),
      words('change', '수정'),
      entity.deleteLabel ?? words('delete', '삭제'),
      ...(entity.search.length > 0 ? [words('search', '검색')] : []),
      ...entity.filters.map(({ param }) => words(`filter by ${param}`, `${param} 값으로 거르기`)),
    ],
  }
}
