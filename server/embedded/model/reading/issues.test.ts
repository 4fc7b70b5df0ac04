import { afterAll, describe, expect, it } from 'vitest'
import { type AppOnDisk, appOnDisk } from '@/server/testing/generated-app.ts'
import { issueCases } from '@/server/testing/issue-cases.ts'
import type { AppModel, Check, Entity } from '../app-model.ts'
import { writeAcceptanceTests } from '../writing/acceptance.ts'
import { writeBackend } from '../writing/backend.ts'
import { readIssue } from './read-issue.ts'

function fieldBrief(field: Entity['fields'][number]): string {
  const bounds = field.min !== undefined || field.max !== undefined ? `[${field.min ?? ''}..${field.max ?? ''}]` : ''
  const marks = `${field.required ? '!' : ''}${field.unique ? ' unique' : ''}${field.system ? ' system' : ''}`
  return `${field.name}:${field.target ?? field.choices?.join('/') ?? field.type}${field.maxLength ? `<=${field.maxLength}` : ''}${bounds}${marks}`
}
function entityBrief({ route, fields, order, pageSize, search, filters, rules }: Entity): string {
  const parts = [
    `${route} ${fields.map(fieldBrief).join(', ')}`,
    order.field === 'createdAt' && order.direction === 'desc' ? '' : `by ${order.field} ${order.direction}`,
    pageSize ? `pages of ${pageSize}` : '',
    search.length > 0 ? `search ${search.join('+')}` : '',
    filters.length > 0 ? `filter ${filters.map(({ param }) => param).join('+')}` : '',
    ...rules.map((rule) =>
      rule.kind === 'overlap'
        ? `overlap ${rule.within.join('+')}`
        : rule.kind === 'refuseDelete'
          ? `kept by ${rule.entity}`
          : 'field' in rule
            ? `${rule.kind} ${rule.field}`
            : rule.kind,
    ),
  ]
  return parts.filter((part) => part !== '').join('; ')
}
function checkBrief(check: Check): string {
  if (check.pattern === 'untestable') return '?'
  const field = 'field' in check ? `.${check.field}` : 'fields' in check ? `.${check.fields.join('+')}` : ''
  const values =
    check.pattern === 'refused'
      ? ` ${check.values.map((one) => ('missing' in one ? 'missing' : String(one.value).slice(0, 20))).join(' ')}`
      : ''
  return `${check.pattern} ${check.entity}${field}${values}`
}
/** The model on a few lines; of derived criteria only that they are there. */
function brief(model: AppModel): { entities: string[]; checks: string[] } {
  const stated = model.criteria.filter(({ derived }) => !derived)
  const derived = model.criteria.length > stated.length ? ['derived'] : []
  return {
    entities: model.entities.map(entityBrief),
    checks: [...stated.map(({ checks }) => checks.map(checkBrief).join(' & ')), ...derived],
  }
}

describe('any issue', () => {
  it.each(issueCases)('is read: $title', ({ title, body, entities, checks }) => {
    expect(brief(readIssue({ title, body }))).toEqual({ entities, checks })
  })
})

describe('what was read', () => {
  const made: AppOnDisk[] = []
  afterAll(async () => {
    for (const app of made) await app.remove()
  })
  const running = issueCases.filter(({ checks }) => checks.length > 1 || checks[0] === 'derived').filter((_, index) => index % 2 === 0)

  it.each(running)('becomes an app that keeps its criteria: $title', async ({ title, body }) => {
    const model = readIssue({ title, body })
    const app = await appOnDisk([...writeBackend(model), ...writeAcceptanceTests(model)])
    made.push(app)
    const results = await app.accept('inProcess')
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ ok }) => !ok)).toEqual([])
  })
})
