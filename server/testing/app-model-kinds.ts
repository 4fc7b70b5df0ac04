import type { AppModel, Check, Entity } from '@/server/embedded/model/app-model.ts'

/** Kinds of app models, made with any words. */

/** Criteria numbered from AC-1, from their texts and checks. */
export function criteria(list: [text: string, ...checks: Check[]][]): AppModel['criteria'] {
  return list.map(([text, ...checks], index) => ({ id: `AC-${index + 1}`, text, derived: false, checks }))
}

export interface LinkWords {
  name: string
  plural: string
  label: string
  labelPlural: string
  address: string
  heading: string
  remark: string
  words: string
  word: string
  counter: string
  go: string
}

/** A list of links with tags, search, paging and a click counter. */
export function linkList(w: LinkWords): AppModel {
  const entity: Entity = {
    name: w.name,
    plural: w.plural,
    label: w.label,
    labelPlural: w.labelPlural,
    route: `/api/${w.plural}`,
    fields: [
      { name: w.address, label: w.address.toUpperCase(), type: 'url', required: true, schemes: ['http', 'https'] },
      { name: w.heading, label: w.heading, type: 'text', required: true, maxLength: 200 },
      { name: w.remark, label: w.remark, type: 'longtext', required: false },
      { name: w.words, label: w.words, type: 'list', required: false },
      { name: w.counter, label: w.counter, type: 'integer', required: false, system: true, default: 0 },
    ],
    titleField: w.heading,
    order: { field: 'createdAt', direction: 'desc' },
    pageSize: 20,
    search: [w.heading, w.remark],
    filters: [{ field: w.words, param: w.word }],
    operations: ['create', 'update', 'delete'],
    rules: [{ kind: 'counter', field: w.counter, route: w.go, target: w.address }],
  }
  return {
    title: `${w.label} manager for our team`,
    summary: `A tiny web app where the team keeps its ${w.labelPlural}.`,
    language: 'en',
    entities: [entity],
    criteria: criteria([
      [
        `Creating a ${w.label} without an address, or with javascript:, is refused with a message that names the field.`,
        { pattern: 'refused', entity: w.name, field: w.address, values: [{ missing: true }, { value: 'javascript:alert(1)' }] },
        { pattern: 'refused', entity: w.name, field: w.heading, values: [{ missing: true }, { value: 'x'.repeat(201) }] },
      ],
      [`A ${w.label} that was added is still there after a restart.`, { pattern: 'persists', entity: w.name }],
      [`Filtering returns only matching ones.`, { pattern: 'filter', entity: w.name, field: w.words, param: w.word, value: 'design' }],
      [`Opening one raises its count by one.`, { pattern: 'counter', entity: w.name, field: w.counter }],
      ['The list shows the newest first.', { pattern: 'order', entity: w.name, field: 'createdAt', direction: 'desc' }],
      ['20 to a page.', { pattern: 'paging', entity: w.name, pageSize: 20 }],
      ['Search in two fields.', { pattern: 'search', entity: w.name, fields: [w.heading, w.remark] }],
      ['Add.', { pattern: 'create', entity: w.name }],
      ['Edit.', { pattern: 'update', entity: w.name }],
      ['Delete.', { pattern: 'delete', entity: w.name }],
      ['Nothing fancy.', { pattern: 'untestable', why: 'A matter of taste.' }],
    ]),
    statements: [`Count the ${w.counter} on each ${w.label}.`],
  }
}

export interface SlotWords {
  place: { name: string; plural: string; label: string; title: string; titleLabel: string; size: string; sizeLabel: string }
  slot: {
    name: string
    plural: string
    label: string
    placeField: string
    date: string
    from: string
    to: string
    person: string
    heading: string
  }
}

/** Things that are booked by the hour, in Korean. */
export function slotBooking({ place, slot }: SlotWords): AppModel {
  const places: Entity = {
    name: place.name,
    plural: place.plural,
    label: place.label,
    labelPlural: place.label,
    route: `/api/${place.plural}`,
    fields: [
      { name: place.title, label: place.titleLabel, type: 'text', required: true, maxLength: 100 },
      { name: place.size, label: place.sizeLabel, type: 'integer', required: true, min: 1 },
    ],
    titleField: place.title,
    order: { field: place.title, direction: 'asc' },
    pageSize: null,
    search: [],
    filters: [],
    operations: ['create', 'update', 'delete'],
    rules: [{ kind: 'refuseDelete', entity: slot.name, field: slot.placeField }],
  }
  const slots: Entity = {
    name: slot.name,
    plural: slot.plural,
    label: slot.label,
    labelPlural: slot.label,
    route: `/api/${slot.plural}`,
    fields: [
      { name: slot.placeField, label: place.label, type: 'reference', required: true, target: place.name },
      { name: slot.date, label: '날짜', type: 'date', required: true },
      { name: slot.from, label: '시작 시각', type: 'time', required: true },
      { name: slot.to, label: '끝 시각', type: 'time', required: true },
      { name: slot.person, label: '예약자 이름', type: 'text', required: true },
      { name: slot.heading, label: '제목', type: 'text', required: true },
    ],
    titleField: slot.heading,
    order: { field: slot.date, direction: 'asc' },
    pageSize: null,
    search: [],
    filters: [
      { field: slot.date, param: slot.date },
      { field: slot.placeField, param: slot.placeField },
    ],
    operations: ['create', 'delete'],
    deleteLabel: '취소',
    rules: [
      { kind: 'overlap', within: [slot.placeField, slot.date], start: slot.from, end: slot.to },
      { kind: 'ordered', lower: slot.from, upper: slot.to },
    ],
  }
  return {
    title: `${place.label} ${slot.label} 앱`,
    summary: '우리 팀이 나눠 쓰는 간단한 웹앱입니다.',
    language: 'ko',
    entities: [places, slots],
    criteria: criteria([
      [`시간이 겹치는 ${slot.label}은 거절되고, 무엇과 겹치는지 알려 준다.`, { pattern: 'overlap', entity: slot.name }],
      ['끝 시각이 시작 시각보다 빠르거나 같으면 거절된다.', { pattern: 'ordered', entity: slot.name }],
      ['앞의 것이 끝나는 시각에 시작하는 것은 허용된다.', { pattern: 'adjacent', entity: slot.name }],
      ['취소한 시간에는 다시 할 수 있다.', { pattern: 'freedByDelete', entity: slot.name }],
      ['다시 시작해도 남아 있다.', { pattern: 'persists', entity: slot.name }],
      ['하루 단위로 본다.', { pattern: 'filter', entity: slot.name, field: slot.date, param: slot.date }],
      ['자리별로 본다.', { pattern: 'filter', entity: slot.name, field: slot.placeField, param: slot.placeField }],
      ['쓰는 자리는 지울 수 없다.', { pattern: 'refuseDelete', entity: place.name }],
    ]),
    statements: ['겹치지 않게 한다.'],
  }
}

export interface ShareWords {
  group: { name: string; plural: string; label: string; heading: string; people: string }
  cost: { name: string; plural: string; label: string; text: string; amount: string; payer: string; sharers: string }
  path: string
}

/** Costs that some people of a group share, and who owes whom. */
export function sharedCosts({ group, cost, path }: ShareWords): AppModel {
  const groups: Entity = {
    name: group.name,
    plural: group.plural,
    label: group.label,
    labelPlural: group.plural,
    route: `/api/${group.plural}`,
    fields: [
      { name: group.heading, label: group.heading, type: 'text', required: true },
      { name: group.people, label: group.people, type: 'list', required: true, minItems: 1 },
    ],
    titleField: group.heading,
    order: { field: 'createdAt', direction: 'desc' },
    pageSize: null,
    search: [],
    filters: [],
    operations: ['create', 'update', 'delete'],
    rules: [
      { kind: 'settlement', path, entity: cost.name, amount: cost.amount, payer: cost.payer, shares: cost.sharers, members: group.people },
      { kind: 'refuseRemoveItem', field: group.people, entity: cost.name, fields: [cost.payer, cost.sharers] },
    ],
  }
  const costs: Entity = {
    name: cost.name,
    plural: cost.plural,
    label: cost.label,
    labelPlural: cost.plural,
    route: `/api/${group.plural}/:${group.name}Id/${cost.plural}`,
    parent: group.name,
    fields: [
      { name: cost.text, label: cost.text, type: 'text', required: true },
      { name: cost.amount, label: cost.amount, type: 'cents', required: true, min: 1 },
      { name: cost.payer, label: 'who paid', type: 'item', required: true, listField: group.people },
      { name: cost.sharers, label: 'who shares it', type: 'items', required: true, minItems: 1, listField: group.people },
    ],
    titleField: cost.text,
    order: { field: 'createdAt', direction: 'desc' },
    pageSize: null,
    search: [],
    filters: [],
    operations: ['create', 'update', 'delete'],
    rules: [{ kind: 'sum', field: cost.amount, path: 'total' }],
  }
  const refused = [{ value: -100 }, { value: 0 }, { value: 10.5 }]
  return {
    title: `Split ${cost.plural} after a ${group.label}`,
    summary: 'Write down who paid what for whom.',
    language: 'en',
    entities: [groups, costs],
    criteria: criteria([
      [
        'Three people, one cost of 100.00 paid by A for all: B pays A 33.33 and C pays A 33.33.',
        {
          pattern: 'settlement',
          entity: group.name,
          members: 3,
          amountCents: 10_000,
          payer: 0,
          sharers: [0, 1, 2],
          payments: [
            { from: 1, to: 0, amountCents: 3333 },
            { from: 2, to: 0, amountCents: 3333 },
          ],
        },
      ],
      ['The balances always add up to zero.', { pattern: 'zeroSum', entity: group.name }],
      [
        'A negative, zero or fractional-cent amount is refused.',
        { pattern: 'refused', entity: cost.name, field: cost.amount, values: refused },
      ],
      ['Removing somebody with costs is refused.', { pattern: 'refuseRemoveItem', entity: group.name, field: group.people }],
      [
        'At least one shares it.',
        { pattern: 'refused', entity: cost.name, field: cost.sharers, values: [{ value: [] }, { missing: true }] },
      ],
      ['The total is shown.', { pattern: 'sum', entity: cost.name, field: cost.amount }],
      ['It lasts.', { pattern: 'persists', entity: cost.name }],
    ]),
    statements: ['The share is split evenly.'],
  }
}

/** An ordinary list of things with one field of nearly every type. */
