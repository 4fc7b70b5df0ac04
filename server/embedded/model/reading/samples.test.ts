import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AppModel, Entity } from '../app-model.ts'
import { readIssue } from './read-issue.ts'

interface Issue {
  title: string
  body: string
}

function sample(name: string): Issue {
  return (JSON.parse(readFileSync(new URL(`../../../../public/samples/${name}.json`, import.meta.url), 'utf8')) as { issue: Issue }).issue
}

/** The same issue about other things: every word of the list replaced, the longest first. */
function renamed(issue: Issue, words: Record<string, string>): Issue {
  const pairs = Object.entries(words).sort(([a], [b]) => b.length - a.length)
  const change = (text: string): string => {
    const marked = pairs.reduce(
      (all, [from], index) =>
        all.replaceAll(new RegExp(/[a-z]/i.test(from) ? `(?<![A-Za-z])${from}(?=s?(?![A-Za-z]))` : from, 'g'), `«${index}»`),
      text,
    )
    return marked.replace(/«(\d+)»/g, (_, index: string) => pairs[Number(index)]?.[1] ?? '')
  }
  return { title: change(issue.title), body: change(issue.body) }
}

const fieldsOf = (entity: Entity | undefined) =>
  Object.fromEntries((entity?.fields ?? []).map(({ name, label: _, ...rest }) => [name, rest]))
const checksOf = (model: AppModel) => model.criteria.map(({ checks }) => checks)
const named = (model: AppModel, name: string) => model.entities.find((entity) => entity.name === name)

/** What the first sample says, with its own words for the thing, its fields and its counter. */
function expectCollection(
  model: AppModel,
  w: { one: string; many: string; url: string; title: string; note: string; tags: string; tag: string; clicks: string },
) {
  expect(model.language).toBe('en')
  expect(model.entities).toHaveLength(1)
  const [entity] = model.entities
  expect(entity).toMatchObject({
    name: w.one,
    plural: w.many,
    route: `/api/${w.many}`,
    titleField: w.title,
    order: { field: 'createdAt', direction: 'desc' },
    pageSize: 20,
    search: [w.title, w.note],
    filters: [{ field: w.tags, param: w.tag }],
    operations: ['create', 'update', 'delete'],
    rules: [{ kind: 'counter', field: w.clicks, route: '/go/:id', target: w.url }],
  })
  expect(fieldsOf(entity)).toEqual({
    [w.url]: { type: 'url', required: true, schemes: ['http', 'https'] },
    [w.title]: { type: 'text', required: true, maxLength: 200 },
    [w.note]: { type: 'longtext', required: false },
    [w.tags]: { type: 'list', required: false },
    [w.clicks]: { type: 'integer', required: false, system: true, default: 0, min: 0 },
  })
  expect(checksOf(model)).toEqual([
    [{ pattern: 'refused', entity: w.one, field: w.url, values: [{ missing: true }, { value: 'javascript:alert(1)' }] }],
    [{ pattern: 'persists', entity: w.one }],
    [{ pattern: 'filter', entity: w.one, field: w.tags, param: w.tag, value: 'design' }],
    [{ pattern: 'counter', entity: w.one, field: w.clicks }],
    [{ pattern: 'order', entity: w.one, field: 'createdAt', direction: 'desc' }],
  ])
}

/** What the second sample says: places and their reservations, which never overlap. */
function expectReservations(
  model: AppModel,
  w: { place: string; use: string; placeLabel: string; useLabel: string; size: string; person: string; title: string },
) {
  expect(model.language).toBe('ko')
  expect(model.entities.map(({ name }) => name)).toEqual([w.place, w.use])
  expect(named(model, w.place)).toMatchObject({
    label: w.placeLabel,
    titleField: 'name',
    rules: [{ kind: 'refuseDelete', entity: w.use, field: w.place }],
  })
  expect(fieldsOf(named(model, w.place))).toEqual({
    name: { type: 'text', required: true },
    [w.size]: { type: 'integer', required: false, min: 0 },
  })
  expect(named(model, w.use)).toMatchObject({
    label: w.useLabel,
    deleteLabel: '취소',
    titleField: w.title,
    order: { field: 'startTime', direction: 'asc' },
    filters: [
      { field: 'date', param: 'date' },
      { field: w.place, param: w.place },
    ],
    rules: [
      { kind: 'overlap', within: [w.place, 'date'], start: 'startTime', end: 'endTime' },
      { kind: 'ordered', lower: 'startTime', upper: 'endTime' },
    ],
  })
  expect(fieldsOf(named(model, w.use))).toEqual({
    [w.place]: { type: 'reference', required: true, target: w.place },
    date: { type: 'date', required: true },
    startTime: { type: 'time', required: true },
    endTime: { type: 'time', required: true },
    [w.person]: { type: 'text', required: true },
    [w.title]: { type: 'text', required: true },
  })
  const patterns = ['overlap', 'ordered', 'adjacent', 'freedByDelete', 'persists']
  expect(checksOf(model)).toEqual(patterns.map((pattern) => [{ pattern, entity: w.use }]))
}

/** What the third sample says: costs shared among the people of a list. */
function expectSharing(
  model: AppModel,
  w: { group: string; groups: string; cost: string; costs: string; people: string; what: string; amount: string; path: string },
) {
  expect(model.entities.map(({ name, route, parent }) => ({ name, route, parent }))).toEqual([
    { name: w.group, route: `/api/${w.groups}`, parent: undefined },
    { name: w.cost, route: `/api/${w.groups}/:${w.group}Id/${w.costs}`, parent: w.group },
  ])
  expect(fieldsOf(named(model, w.group))).toEqual({ name: { type: 'text', required: true }, [w.people]: { type: 'list', required: false } })
  expect(fieldsOf(named(model, w.cost))).toEqual({
    [w.what]: { type: 'text', required: true },
    [w.amount]: { type: 'cents', required: true, min: 1 },
    paidBy: { type: 'item', required: true, listField: w.people },
    sharedBy: { type: 'items', required: true, minItems: 1, listField: w.people },
  })
  expect(named(model, w.group)?.rules).toEqual([
    { kind: 'settlement', path: w.path, entity: w.cost, amount: w.amount, payer: 'paidBy', shares: 'sharedBy', members: w.people },
    { kind: 'refuseRemoveItem', field: w.people, entity: w.cost, fields: ['paidBy', 'sharedBy'] },
  ])
  const payments = [1, 2].map((from) => ({ from, to: 0, amountCents: 3333 }))
  expect(checksOf(model)).toEqual([
    [{ pattern: 'settlement', entity: w.group, members: 3, amountCents: 10000, payer: 0, sharers: [0, 1, 2], payments }],
    [{ pattern: 'zeroSum', entity: w.group }],
    [{ pattern: 'refused', entity: w.cost, field: w.amount, values: [{ value: -1 }, { value: 0 }, { value: 10.5 }] }],
    [{ pattern: 'refuseRemoveItem', entity: w.group, field: w.people }],
  ])
}

describe('the samples', () => {
  it('reads a collection of links', () => {
    const words = {
      one: 'bookmark',
      many: 'bookmarks',
      url: 'url',
      title: 'title',
      note: 'note',
      tags: 'tags',
      tag: 'tag',
      clicks: 'clicks',
    }
    expectCollection(readIssue(sample('bookmarks')), words)
  })

  it('reads reservations in Korean', () => {
    const words = {
      place: 'hoeyisil',
      use: 'yeyag',
      placeLabel: '회의실',
      useLabel: '예약',
      size: 'capacity',
      person: 'yeyagjaName',
      title: 'title',
    }
    expectReservations(readIssue(sample('meeting-rooms')), words)
  })

  it('reads shared costs', () => {
    const words = {
      group: 'trip',
      groups: 'trips',
      cost: 'expense',
      costs: 'expenses',
      people: 'members',
      what: 'description',
      amount: 'amount',
      path: 'settlement',
    }
    expectSharing(readIssue(sample('split-expenses')), words)
  })

  it('keeps every criterion in its own words and order', () => {
    for (const name of ['bookmarks', 'meeting-rooms', 'split-expenses']) {
      const issue = sample(name)
      const model = readIssue(issue)
      expect(model.title).toBe(issue.title)
      expect(model.criteria.map(({ id, derived }) => [id, derived])).toEqual(model.criteria.map((_, index) => [`AC-${index + 1}`, false]))
      for (const { text } of model.criteria) expect(issue.body).toContain(text)
    }
  })
})

describe('the samples about other things', () => {
  it('follows a collection of recipes', () => {
    const issue = renamed(sample('bookmarks'), {
      Bookmark: 'Recipe',
      bookmark: 'recipe',
      URL: 'link',
      title: 'headline',
      note: 'remark',
      tag: 'label',
      click: 'view',
    })
    expect(issue.body).toContain('GET /api/recipes?label=design')
    expectCollection(readIssue(issue), {
      one: 'recipe',
      many: 'recipes',
      url: 'link',
      title: 'headline',
      note: 'remark',
      tags: 'labels',
      tag: 'label',
      clicks: 'views',
    })
  })

  it('follows a collection of podcasts with invented field names', () => {
    const issue = renamed(sample('bookmarks'), {
      Bookmark: 'Podcast',
      bookmark: 'podcast',
      URL: 'feed',
      title: 'show',
      note: 'summary',
      tag: 'topic',
      click: 'play',
    })
    expectCollection(readIssue(issue), {
      one: 'podcast',
      many: 'podcasts',
      url: 'feed',
      title: 'show',
      note: 'summary',
      tags: 'topics',
      tag: 'topic',
      clicks: 'plays',
    })
  })

  it('follows boats for hire, and courts', () => {
    const boats = renamed(sample('meeting-rooms'), {
      회의실: '보트',
      '예약자 이름': '선장 이름',
      예약: '대여',
      제목: '용도',
      날짜: '일자',
      '수용 인원': '정원',
    })
    const words = {
      place: 'boteu',
      use: 'daeyeo',
      placeLabel: '보트',
      useLabel: '대여',
      size: 'capacity',
      person: 'seonjangName',
      title: 'yongdo',
    }
    const model = readIssue(boats)
    expect(model.entities[1]?.fields.map(({ name }) => name)).toEqual(['boteu', 'date', 'startTime', 'endTime', 'seonjangName', 'yongdo'])
    expect(checksOf(model).map(([check]) => check?.pattern)).toEqual(['overlap', 'ordered', 'adjacent', 'freedByDelete', 'persists'])
    expect(model.entities[0]).toMatchObject({ name: words.place, label: words.placeLabel })
    const courts = renamed(sample('meeting-rooms'), {
      회의실: '테니스장',
      '예약자 이름': '회원 이름',
      예약: '신청',
      '수용 인원': '최대 인원',
    })
    const [place, use] = readIssue(courts).entities
    expectReservations(readIssue(courts), {
      place: place?.name ?? '',
      use: use?.name ?? '',
      placeLabel: '테니스장',
      useLabel: '신청',
      size: place?.fields[1]?.name ?? '',
      person: 'userName',
      title: 'title',
    })
  })

  it('follows dinners and their bills', () => {
    const issue = renamed(sample('split-expenses'), {
      trip: 'dinner',
      expense: 'bill',
      member: 'guest',
      description: 'dish',
      amount: 'price',
      settlement: 'payback',
      Settlement: 'Payback',
    })
    expectSharing(readIssue(issue), {
      group: 'dinner',
      groups: 'dinners',
      cost: 'bill',
      costs: 'bills',
      people: 'guests',
      what: 'dish',
      amount: 'price',
      path: 'payback',
    })
  })
})
