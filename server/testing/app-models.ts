import type { AppModel } from '@/server/embedded/model/app-model.ts'
import { criteria, linkList, sharedCosts, slotBooking } from './app-model-kinds.ts'

/** App models by hand, as a perfect reader would make them of the samples, and others that share no noun with them. */

export const bookmarks = linkList({
  name: 'bookmark',
  plural: 'bookmarks',
  label: 'bookmark',
  labelPlural: 'bookmarks',
  address: 'url',
  heading: 'title',
  remark: 'note',
  words: 'tags',
  word: 'tag',
  counter: 'clicks',
  go: '/go/:id',
})

export const recipes = linkList({
  name: 'recipe',
  plural: 'recipes',
  label: 'recipe',
  labelPlural: 'recipes',
  address: 'source',
  heading: 'dish',
  remark: 'method',
  words: 'ingredients',
  word: 'ingredient',
  counter: 'views',
  go: '/open/:id',
})

export const meetingRooms = slotBooking({
  place: { name: 'room', plural: 'rooms', label: '회의실', title: 'name', titleLabel: '이름', size: 'capacity', sizeLabel: '수용 인원' },
  slot: {
    name: 'booking',
    plural: 'bookings',
    label: '예약',
    placeField: 'room',
    date: 'date',
    from: 'start',
    to: 'end',
    person: 'bookedBy',
    heading: 'title',
  },
})

export const courts = slotBooking({
  place: { name: 'court', plural: 'courts', label: '테니스장', title: 'label', titleLabel: '이름', size: 'seats', sizeLabel: '자리 수' },
  slot: {
    name: 'game',
    plural: 'games',
    label: '경기',
    placeField: 'court',
    date: 'day',
    from: 'opens',
    to: 'closes',
    person: 'captain',
    heading: 'teams',
  },
})

export const splitExpenses = sharedCosts({
  group: { name: 'trip', plural: 'trips', label: 'trip', heading: 'name', people: 'members' },
  cost: {
    name: 'expense',
    plural: 'expenses',
    label: 'expense',
    text: 'description',
    amount: 'amount',
    payer: 'paidBy',
    sharers: 'sharedBy',
  },
  path: 'settlement',
})

export const flatBills = sharedCosts({
  group: { name: 'flat', plural: 'flats', label: 'flat', heading: 'street', people: 'tenants' },
  cost: { name: 'bill', plural: 'bills', label: 'bill', text: 'purpose', amount: 'sum', payer: 'lender', sharers: 'users' },
  path: 'debts',
})

export const chores: AppModel = {
  title: 'Chores <b>of</b> the "house"',
  summary: 'Who does what, and by when.',
  language: 'en',
  entities: [
    {
      name: 'chore',
      plural: 'chores',
      label: 'chore',
      labelPlural: 'chores',
      route: '/api/chores',
      fields: [
        { name: 'what', label: 'what', type: 'text', required: true, minLength: 2, maxLength: 60, unique: true },
        { name: 'details', label: 'details', type: 'longtext', required: false, maxLength: 500 },
        { name: 'priority', label: 'priority', type: 'choice', required: false, choices: ['low', 'normal', 'high'], default: 'normal' },
        { name: 'due', label: 'due date', type: 'date', required: false },
        { name: 'done', label: 'done', type: 'boolean', required: false, default: false },
        { name: 'effort', label: 'effort', type: 'decimal', required: false, min: 0, max: 100 },
        { name: 'helper', label: "helper's e-mail", type: 'email', required: false },
      ],
      titleField: 'what',
      order: { field: 'due', direction: 'asc' },
      pageSize: 5,
      search: ['what', 'details'],
      filters: [
        { field: 'priority', param: 'priority' },
        { field: 'done', param: 'done' },
      ],
      operations: ['create', 'update', 'delete'],
      rules: [{ kind: 'sum', field: 'effort', path: 'effort' }],
    },
  ],
  criteria: criteria([
    [
      'Add, edit and delete.',
      { pattern: 'create', entity: 'chore' },
      { pattern: 'update', entity: 'chore' },
      { pattern: 'delete', entity: 'chore' },
    ],
    ['Filter by priority.', { pattern: 'filter', entity: 'chore', field: 'priority', param: 'priority' }],
    ['Only done ones.', { pattern: 'filter', entity: 'chore', field: 'done', param: 'done' }],
    ['By due date.', { pattern: 'order', entity: 'chore', field: 'due', direction: 'asc' }],
    ['Five a page.', { pattern: 'paging', entity: 'chore', pageSize: 5 }],
    ['The effort is added up.', { pattern: 'sum', entity: 'chore', field: 'effort' }],
    ['An unknown priority is refused.', { pattern: 'refused', entity: 'chore', field: 'priority', values: [{ value: 'whenever' }] }],
    ['It lasts.', { pattern: 'persists', entity: 'chore' }],
    ['Search.', { pattern: 'search', entity: 'chore', fields: ['what', 'details'] }],
    ['No two with the same name.', { pattern: 'unique', entity: 'chore', field: 'what' }],
    ['The priority is normal unless told otherwise.', { pattern: 'default', entity: 'chore', field: 'priority', value: 'normal' }],
    ['What is not there is not found.', { pattern: 'notFound', entity: 'chore' }],
  ]),
  statements: ['Everybody sees who does what.'],
}

export const appModels: Record<string, AppModel> = { bookmarks, recipes, meetingRooms, courts, splitExpenses, flatBills, chores }
