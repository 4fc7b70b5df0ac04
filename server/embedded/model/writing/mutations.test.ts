import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appModels } from '@/server/testing/app-models.ts'
import { type AppOnDisk, acceptTogether, appOnDisk, type TestLine } from '@/server/testing/generated-app.ts'
import { writeAcceptanceTests } from './acceptance.ts'
import { writeBackend } from './backend.ts'

/** Each breaks one behaviour of an app that passes; the criterion that is about it has to turn red. */
const mutations: [what: string, model: string, criterion: string, path: string, from: string, to: string][] = [
  [
    'a required field may be missing',
    'bookmarks',
    'AC-1',
    'src/validate.js',
    'if (field.required) refuse(say.required(field.label))\n    return kinds',
    'return kinds',
  ],
  ['any scheme is an address', 'bookmarks', 'AC-1', 'src/validate.js', '!field.schemes.includes(address.protocol.slice(0, -1))', 'false'],
  ['a refusal does not name its field', 'bookmarks', 'AC-1', 'src/validate.js', '{ field: name })\n    })', '{})\n    })'],
  ['a text may be of any length', 'bookmarks', 'AC-1', 'src/validate.js', 'length > field.maxLength', 'false'],
  [
    'only the address is checked when changing',
    'bookmarks',
    'AC-1',
    'src/routes/bookmarks.js',
    'validate(fields, await readJson(c), { partial: true })',
    'await readJson(c)',
  ],
  ['nothing is written', 'bookmarks', 'AC-2', 'src/store.js', 'await rename(temporary, this.#file)', ''],
  [
    'only the first change is written',
    'bookmarks',
    'AC-2',
    'src/store.js',
    'await rename(temporary',
    "if (text.includes('updatedAt')) return\n    await rename(temporary",
  ],
  ['the filter is ignored', 'bookmarks', 'AC-3', 'src/routes/bookmarks.js', 'holds(record.tags, query.tag)', 'true'],
  [
    'the filter finds parts of words',
    'bookmarks',
    'AC-3',
    'src/listing.js',
    'value.includes(wanted)',
    'value.some((one) => one.includes(wanted))',
  ],
  ['the filter finds nothing', 'bookmarks', 'AC-3', 'src/routes/bookmarks.js', 'holds(record.tags, query.tag)', '!query.tag'],
  ['visits are not counted', 'bookmarks', 'AC-4', 'src/routes/bookmarks.js', '(record.clicks ?? 0) + 1', 'record.clicks ?? 0'],
  ['visits count twice', 'bookmarks', 'AC-4', 'src/routes/bookmarks.js', '(record.clicks ?? 0) + 1', '(record.clicks ?? 0) + 2'],
  ['a visit leads elsewhere', 'bookmarks', 'AC-4', 'src/routes/bookmarks.js', 'c.redirect(new URL(record.url).href)', "c.redirect('/')"],
  [
    'a visit counts for all',
    'bookmarks',
    'AC-4',
    'src/routes/bookmarks.js',
    'const record = find(data.bookmarks, id)',
    'const record = find(data.bookmarks, id)\n    for (const one of data.bookmarks) if (one !== record) one.clicks++',
  ],
  ['the order is reversed', 'bookmarks', 'AC-5', 'src/routes/bookmarks.js', "'desc'", "'asc'"],
  ['pages are too long', 'bookmarks', 'AC-6', 'src/routes/bookmarks.js', "c.req.query('page'), 20", "c.req.query('page'), 21"],
  ['there is one page', 'bookmarks', 'AC-6', 'src/listing.js', '(number - 1) * pageSize, number * pageSize', '0, pageSize'],
  ['the search leaves a field out', 'bookmarks', 'AC-7', 'src/routes/bookmarks.js', '[record.title, record.note]', '[record.title]'],
  ['the search minds capital letters', 'bookmarks', 'AC-7', 'src/listing.js', '.toLowerCase()', ''],
  ['a value is lost', 'bookmarks', 'AC-8', 'src/validate.js', 'values[name] = valueOf', "if (name !== 'note') values[name] = valueOf"],
  ['an edit changes nothing', 'bookmarks', 'AC-9', 'src/routes/bookmarks.js', 'Object.assign(record, input,', 'Object.assign(record,'],
  [
    'an edit empties the rest',
    'bookmarks',
    'AC-9',
    'src/routes/bookmarks.js',
    'Object.assign(record, input,',
    'Object.assign(record, { tags: [], note: null }, input,',
  ],
  ['deleting deletes everything', 'bookmarks', 'AC-10', 'src/store.js', '!matches(record)', 'false'],
  ['deleting deletes nothing', 'bookmarks', 'AC-10', 'src/store.js', '!matches(record)', 'true'],
  ['overlaps are allowed', 'meetingRooms', 'AC-1', 'src/routes/bookings.js', 'checkOverlap(data.bookings', 'checkOverlap([]'],
  [
    'an overlap does not name the other',
    'meetingRooms',
    'AC-1',
    'src/routes/bookings.js',
    'nameOf: (one) => one.title',
    "nameOf: () => 'another'",
  ],
  [
    'one that lies inside is overlooked',
    'meetingRooms',
    'AC-1',
    'src/rules/overlap.js',
    'record[start] < one[end]',
    'record[start] <= one[start]',
  ],
  ['other places are in the way', 'meetingRooms', 'AC-1', 'src/routes/bookings.js', "within: ['room', 'date']", "within: ['date']"],
  ['other days are in the way', 'meetingRooms', 'AC-1', 'src/routes/bookings.js', "within: ['room', 'date']", "within: ['room']"],
  [
    'an end before the start is allowed',
    'meetingRooms',
    'AC-2',
    'src/rules/ordered.js',
    'record[upper] > record[lower]',
    'record[upper] !== record[lower]',
  ],
  [
    'an end at the start is allowed',
    'meetingRooms',
    'AC-2',
    'src/rules/ordered.js',
    'record[upper] > record[lower]',
    'record[upper] >= record[lower]',
  ],
  ['touching is refused', 'meetingRooms', 'AC-3', 'src/rules/overlap.js', 'one[start] < record[end]', 'one[start] <= record[end]'],
  ['a deleted one stays in the way', 'meetingRooms', 'AC-4', 'src/store.js', '!matches(record)', 'true'],
  ['the day is ignored', 'meetingRooms', 'AC-6', 'src/routes/bookings.js', 'holds(record.date, query.date)', 'true'],
  ['what is in use may be deleted', 'meetingRooms', 'AC-8', 'src/rules/in-use.js', 'if (other)', 'if (false)'],
  ['the odd cent goes to the last', 'splitExpenses', 'AC-1', 'src/rules/settlement.js', 'place < left', 'place >= inOrder.length - left'],
  [
    'payments go the wrong way',
    'splitExpenses',
    'AC-1',
    'src/rules/settlement.js',
    'from: from.person, to: to.person',
    'from: to.person, to: from.person',
  ],
  ['the odd cent is lost', 'splitExpenses', 'AC-2', 'src/rules/settlement.js', 'share + (place < left ? 1 : 0)', 'share'],
  ['everybody is always even', 'splitExpenses', 'AC-2', 'src/rules/settlement.js', '(balances.get(person) ?? 0) + amount', '0'],
  [
    'zero is an amount',
    'splitExpenses',
    'AC-3',
    'src/validate.js',
    'if (value < field.min) refuse(say.tooSmall(field.label, (field.min',
    'if (value < 0) refuse(say.tooSmall(field.label, (field.min',
  ],
  [
    'cents may be split',
    'splitExpenses',
    'AC-3',
    'src/validate.js',
    'if (!Number.isSafeInteger(value)) refuse(say.notCents(field.label))',
    '',
  ],
  ['somebody with costs may go', 'splitExpenses', 'AC-4', 'src/rules/in-use.js', 'if (other)', 'if (false)'],
  ['nobody may go', 'splitExpenses', 'AC-4', 'src/rules/in-use.js', 'if (other)', 'if (records.length)'],
  [
    'somebody with costs may be edited away',
    'splitExpenses',
    'AC-4',
    'src/routes/trips.js',
    'for (const entry of gone)',
    'for (const entry of [])',
  ],
  [
    'nobody has to share',
    'splitExpenses',
    'AC-5',
    'src/validate.js',
    'if (entries.length === 0 && field.required) refuse(say.required(field.label))\n  if (entries.length < field.minItems)',
    'if (false)',
  ],
  ['the sum leaves one out', 'splitExpenses', 'AC-6', 'src/listing.js', 'records.reduce(', 'records.slice(1).reduce('],
  ['an unknown choice is taken', 'chores', 'AC-7', 'src/validate.js', '!field.choices.includes(value)', 'false'],
  ['a taken value is let through', 'chores', 'AC-10', 'src/rules/unique.js', 'if (other)', 'if (false)'],
  ['a default is forgotten', 'chores', 'AC-11', 'src/routes/chores.js', ", default: 'normal'", ''],
  [
    'what is not there is answered',
    'chores',
    'AC-12',
    'src/store.js',
    'throw new Refused(say.notFound, { status: 404 })',
    'return records[0]',
  ],
]

const apps: AppOnDisk[] = []
let lines: TestLine[][] = []

/** An app with one mutation; the tests of the criterion it should turn red are marked with its number. */
async function mutated(index: number): Promise<AppOnDisk> {
  const [, name, criterion, path, from, to] = mutations[index] as (typeof mutations)[number]
  const model = appModels[name]
  if (!model) throw new Error(name)
  const app = await appOnDisk([...writeBackend(model), ...writeAcceptanceTests(model)])
  apps.push(app)
  await app.edit(path, from, to)
  await app.edit('acceptance/criteria.test.mjs', new RegExp(`(test\\(['"])\\[${criterion}\\]`, 'g'), '$1mutation: ')
  return app
}

beforeAll(async () => {
  lines = await acceptTogether(await Promise.all(mutations.map((_, index) => mutated(index))), 'inProcess', '^mutation')
})
afterAll(async () => {
  for (const app of apps) await app.remove()
})

describe('an app with one behaviour broken', () => {
  test.each(mutations.map(([what, model, criterion], index) => ({ what, model, criterion, index })))(
    '$what: $criterion of $model turns red',
    ({ index }) => {
      const own = (lines[index] ?? []).filter((line) => line.name.startsWith('mutation:'))
      expect(own.length).toBeGreaterThan(0)
      expect(own.filter((line) => !line.ok).length).toBeGreaterThan(0)
    },
  )
})
