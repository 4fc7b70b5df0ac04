import type { AppModel, Rule } from '../../app-model.ts'
import { helpers, kindsPart } from '../acceptance/support.ts'
import { blocks, type WrittenFile } from '../code.ts'
import { ruleTests } from './rule-tests.ts'

/** The app's own unit tests, run by `npm test`. */

const storeTest = `import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { add, find, openStore, remove } from '../src/store.js'

const directory = await mkdtemp(join(tmpdir(), 'store-'))
after(() => rm(directory, { recursive: true, force: true }))

test('what was changed is there after opening again', async () => {
  const store = await openStore(directory, ['things'])
  const kept = await store.change((data) => add(data, 'things', { name: '이름 ✓' }))
  const gone = await store.change((data) => add(data, 'things', { name: 'second' }))
  await store.change((data) => remove(data, 'things', (one) => one.id === gone.id))
  const again = await openStore(directory, ['things', 'others'])
  assert.deepEqual(again.all('things'), [kept])
  assert.deepEqual(again.all('others'), [])
  assert.deepEqual(await readdir(directory), ['data.json'])
})

test('a change that throws changes nothing', async () => {
  const store = await openStore(directory, ['things'])
  const before = structuredClone(store.all('things'))
  const failing = store.change((data) => {
    data.things.length = 0
    throw new Error('no')
  })
  await assert.rejects(failing, /no/)
  assert.deepEqual(store.all('things'), before)
})

test('changes at the same time all count', async () => {
  const store = await openStore(directory, ['counts'])
  await store.change((data) => add(data, 'counts', { count: 0 }))
  await Promise.all(Array.from({ length: 20 }, () => store.change((data) => data.counts[0].count++)))
  assert.equal(store.all('counts')[0].count, 20)
})

test('an unreadable file is not overwritten', async () => {
  const broken = await mkdtemp(join(tmpdir(), 'store-'))
  await writeFile(join(broken, 'data.json'), '{')
  await assert.rejects(openStore(broken, []))
  await rm(broken, { recursive: true })
})

test('an unknown id is not found', () => {
  assert.throws(() => find([], 'unknown'), { status: 404 })
})
`

const listingTest = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contains, holds, paged, sorted } from '../src/listing.js'

test('a filter asks for the whole value, or for one of a list', () => {
  assert.ok(holds('red', undefined))
  assert.ok(holds(['red', 'blue'], 'red'))
  assert.ok(!holds(['dark red'], 'red'))
  assert.ok(holds(false, 'false'))
})

test('a search looks into all values, in capital letters or small ones', () => {
  assert.ok(contains(['Ähnlich', null], 'ähn'))
  assert.ok(contains([['one', 'Two']], 'two'))
  assert.ok(!contains(['one'], 'two'))
})

test('equal records keep their order, and turn it round with the direction', () => {
  const records = [{ id: 1, day: '2030-01-01' }, { id: 2, day: null }, { id: 3, day: '2030-01-01' }]
  const ids = (direction) => sorted(records, [(record) => record.day, direction]).map((record) => record.id)
  assert.deepEqual(ids('asc'), [1, 3, 2])
  assert.deepEqual(ids('desc'), [3, 1, 2])
})

test('a page beyond the last is empty, and nonsense is the first', () => {
  assert.deepEqual(paged([1, 2, 3], '2', 2), { items: [3], total: 3, page: 2, pageSize: 2 })
  assert.deepEqual(paged([1, 2, 3], '9', 2).items, [])
  for (const page of ['0', '-1', 'x', undefined]) assert.equal(paged([1, 2, 3], page, 2).page, 1)
})
`

const appStart = `import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { collections, createApp } from '../src/app.js'
import { openStore } from '../src/store.js'

const directory = await mkdtemp(join(tmpdir(), 'app-'))
after(() => rm(directory, { recursive: true, force: true }))
const app = createApp(await openStore(directory, collections))

async function request(method, path, body) {
  const response = await app.request(path, { method, body: typeof body === 'string' ? body : JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : text }
}`

const appTests = `test('it is healthy, and its page allows nothing inline', async () => {
  const answer = await request('GET', '/healthz')
  assert.deepEqual(answer.body, { ok: true })
  assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/)
})

for (const [name, kind] of Object.entries(kinds)) {
  test(\`\${name}: added, read and listed\`, async () => {
    const parent = kind.parent && (await create(kinds[kind.parent]))
    const record = await create(kind, 1, {}, parent)
    assert.deepEqual((await request('GET', \`\${kind.path(parent)}/\${record.id}\`)).body, record)
    const list = await request('GET', kind.path(parent))
    assert.ok(list.body.items.some((item) => item.id === record.id))
  })

  test(\`\${name}: nonsense is refused in words\`, async () => {
    const parent = kind.parent && (await create(kinds[kind.parent], 2))
    const path = kind.path(parent)
    for (const body of ['{', '[]', 'null', '"text"', '7']) {
      const answer = await request('POST', path, body)
      assert.equal(answer.status, 400, body)
      assert.match(answer.body.error.message, /\\S/)
    }
    assert.equal((await request('POST', path, JSON.stringify('x'.repeat(1024 * 1024)))).status, 413)
    for (const id of ['unknown', '%00', '%F0%9F%92%A5', '__proto__']) assert.equal((await request('GET', \`\${path}/\${id}\`)).status, 404)
    for (const page of ['-1', '1e9', '99999999999999999999']) assert.equal((await request('GET', \`\${path}?page=\${page}\`)).status, 200)
  })
}`

/** The unit tests of the store, the lists, the routes and those rules that the model has. */
export function testFiles(model: AppModel): WrittenFile[] {
  const kinds = kindsPart(model, true)
  const used = helpers.filter(([name]) => name === 'create' || new RegExp(`\\b${name}\\(`).test(kinds)).map(([, code]) => code)
  const has = (kind: Rule['kind']) => model.entities.some((entity) => entity.rules.some((rule) => rule.kind === kind))
  return [
    { path: 'test/store.test.js', content: storeTest },
    { path: 'test/listing.test.js', content: listingTest },
    { path: 'test/app.test.js', content: blocks(appStart, kinds, ...used, appTests) },
    ...ruleTests.filter(({ kind }) => has(kind)).map(({ path, content }) => ({ path, content })),
  ]
}
