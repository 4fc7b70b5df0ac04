import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '@/server/core/paths.ts'
import { growsWithSize } from '@/server/testing/growth.ts'
import { plantedKey, plantedSecrets, seededRandom } from '@/server/testing/planted.ts'
import { listFiles } from '@/server/testing/structure/sources.ts'
import { knownFinder } from './known.ts'
import { scan } from './scan.ts'
import type { Finding } from './types.ts'

const sources = listFiles().filter((path) => /\.(ts|tsx|json|css|md)$/.test(path) && !path.includes('redaction'))
const read = (path: string) => readFileSync(join(projectRoot(), path), 'utf8')
const megabyte = (() => {
  let text = ''
  for (const path of sources) if (text.length < 1e6) text += read(path)
  return text.slice(0, 1e6)
})()

it('finds each of the planted secrets, wherever it stands in a long text', async () => {
  const random = seededRandom(9)
  const { pem, lines } = plantedKey()
  for (let round = 0; round < 4; round++) {
    const planted = plantedSecrets(round + 20)
    const places = planted.map(() => Math.floor(random() * megabyte.length)).sort((a, b) => a - b)
    const text = planted.map((one, i) => `${megabyte.slice(places[i - 1] ?? 0, places[i])}\n${one.text}\n`).join('')
    const found = (await scan(text)).map(({ start, end }) => text.slice(start, end))
    for (const { secret, kind } of planted)
      expect(
        found.some((value) => value.includes(secret)),
        kind,
      ).toBe(true)
  }
  // Across every place of a border between two pieces.
  for (let before = 128 * 1024 - 2_200; before < 128 * 1024 + 200; before += 97) {
    const text = `${megabyte.slice(0, before)}\n${pem}\n${megabyte.slice(before, before + 30_000)}`
    const found = new Set((await scan(text)).map(({ start, end }) => text.slice(start, end)))
    for (const line of lines) expect(found.has(line), String(before)).toBe(true)
  }
})

it('a border between two pieces finds nothing that the whole text does not hold', async () => {
  const row = `${'0f'.repeat(20)} sk_${'x'.repeat(40)} `
  expect(await scan(row.repeat(10_000))).toEqual([])
})

it('a text that comes again costs next to nothing', async () => {
  const timed = async () => {
    const startedAt = performance.now()
    await scan(megabyte)
    return performance.now() - startedAt
  }
  await scan(`${megabyte.slice(5)} `)
  const first = await timed()
  expect(Math.min(...[await timed(), await timed(), await timed(), await timed(), await timed()]) * 4).toBeLessThan(first)
})

const hostile: [string, string][] = [
  ...['a', ' ', '\n', '"', '\\', '-', '/', ':', '0', '=', 'M', '<', '한', '.'].map((one): [string, string] => [
    `only ${JSON.stringify(one)}`,
    one,
  ]),
  ...[
    '\\"',
    '\'"`',
    'a:',
    '://',
    'http://',
    'http://a:',
    'http://a:b',
    'postgres://a:b',
    'password=',
    'password: "',
    'token = \\"',
    'secret:::',
    '--password ',
  ].map((one): [string, string] => [one, one]),
  ...[
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nMIIE',
    'Private-Lines: 9\n',
    'eyJaaaaaaaaaa.',
    'eyJhbGciOiJI.eyJ',
    'SG.a.',
    'xoxb-',
    'xoxb-1-',
    'sk-',
    'AKIA',
    'bearer ',
    'Basic a',
  ].map((one): [string, string] => [one, one]),
  ...[
    'machine a login b ',
    'curl -u ',
    'curl a',
    '"auth": "',
    'PASSWORD',
    'export ',
    '&sig=',
    'SK0a',
    '12345678:AA',
    'gl',
    '_authToken=',
    'a.b.c.',
    '\\n',
    'A_',
    'aQ~',
    '0a-us',
    'apiKey',
    '[a]:',
    '${',
    '{{',
  ].map((one): [string, string] => [one, one]),
]

it.each(hostile)('a text of nothing but %s does not hold the process up', async (_, one) => {
  const text = (length: number) => one.repeat(Math.ceil(length / one.length))
  const texts = { 1: text(125_000), 4: text(500_000) }
  expect(await growsWithSize((size, nth) => scan(`${texts[size]} ${nth}`))).toBe(true)
  // Between its pieces others have their turn, unless it is done before anybody could miss one.
  let turns = 0
  let next = setImmediate(function turn() {
    turns++
    next = setImmediate(turn)
  })
  const startedAt = performance.now()
  await scan(`${texts[4]} for others`)
  clearImmediate(next)
  expect(turns > 0 || performance.now() - startedAt < 200).toBe(true)
})

it('the demo’s crews, samples and pages hold nothing that is taken for a secret', async () => {
  const own = sources.filter(
    (path) =>
      /^(public|app|components|server\/(crews|gate|embedded|worktrees|builds|deployments))\//.test(path) && !path.includes('.test.'),
  )
  expect(own.length).toBeGreaterThan(300)
  const found: string[] = []
  for (const path of own) {
    const text = read(path)
    for (const { start, end, rule } of await scan(text)) found.push(`${path} ${rule} ${text.slice(start, end)}`)
  }
  expect(found).toEqual([])
})

it('known secrets are found in one walk, however many there are and however alike', () => {
  const random = seededRandom(3)
  const known = Array.from({ length: 20_000 }, (_, i) => ({
    text: `sk_live_${i.toString(36)}${random().toString(36).slice(2, 12)}`,
    rule: 'x',
    strong: true,
  }))
  const text = known.map((one) => `key ${one.text};`).join('\n')
  const found: Finding[] = []
  const startedAt = performance.now()
  knownFinder(known)(text, (finding) => found.push(finding))
  // A walk for each of them would be four hundred million looks at 30 characters.
  expect(performance.now() - startedAt).toBeLessThan(15_000)
  expect(new Set(found.map(({ start, end }) => text.slice(start, end))).size).toBe(new Set(known.map((one) => one.text)).size)
})

it('a weak secret is one only where it stands by itself', () => {
  const found: string[] = []
  const text = 'blue7! is blue7!; bluetooth7 xblue7 blue7x short1 unshort1'
  knownFinder([
    { text: 'blue7', rule: 'x', strong: false },
    { text: 'short1', rule: 'x', strong: false },
    { text: 'bluetooth7', rule: 'x', strong: false },
  ])(text, ({ start, end }) => found.push(text.slice(start, end)))
  expect(found.sort()).toEqual(['blue7', 'blue7', 'bluetooth7', 'short1'])
})
