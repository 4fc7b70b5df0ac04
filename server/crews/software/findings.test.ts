import { expect, it } from 'vitest'
import type { Finding, Review } from '../schema.ts'
import {
  addFindings,
  cleanLine,
  cleanText,
  countWords,
  leftOutLines,
  noCounts,
  reviewText,
  stopping,
  stopReason,
  unreadableReason,
  unseenReason,
} from './findings.ts'

const finding = (over: Partial<Finding> = {}): Finding => ({
  ...{ severity: 'medium', category: 'fault', path: 'a.js', line: 1, title: 'Title', detail: 'Detail.', suggestion: null },
  ...over,
})
const nothing = { findings: [], counts: noCounts(), dropped: { outside: 0, beyond: 0 } }
const review = (over: Partial<Review> = {}): Review => ({
  ...{ status: 'passed', commit: 'c', bundle: 'b', at: '2026-01-01T00:00:00.000Z', model: 'm', demoModel: false, stopAt: 'high' },
  ...{ summary: '', ...nothing, files: [], leftOut: [], requests: { answered: 1, of: 1 } },
  ...over,
})

it.each([
  ['\u001b[31mred\u001b[0m and \u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'red and link'],
  ['a\u0000b\u0007c\u202ed\u200be', 'a b c d e'],
  ['  two\n\tlines  ', 'two lines'],
  ['x'.repeat(200), `${'x'.repeat(19)}…`],
  ['한국어와 🎉', '한국어와 🎉'],
])('makes one plain line of %j', (text, line) => expect(cleanLine(text, 20)).toBe(line))

it('keeps the lines of a longer text', () => {
  expect(cleanText('one\r\n\ttwo\u001b[1m\n\n\n\nthree\u0085', 100)).toBe('one\n  two\n\nthree')
})

it('joins the findings of several requests, and lets no number of small ones bury a grave one', () => {
  const lines = new Map([['a.js', 10]])
  const small = Array.from({ length: 500 }, () => finding({ severity: 'info' }))
  const first = addFindings(nothing, { summary: '', findings: small }, lines)
  expect(first).toMatchObject({ counts: { info: 500 }, dropped: { beyond: 400 } })
  const grave = [finding({ severity: 'critical', line: 11 }), finding({ path: 'b.js' })]
  const both = addFindings(first, { summary: '', findings: grave }, lines)
  expect(both.findings).toHaveLength(100)
  expect(both.findings[0]).toMatchObject({ severity: 'critical', line: null })
  expect(both).toMatchObject({ counts: { critical: 1, info: 500 }, dropped: { outside: 1, beyond: 401 } })
})

it('stays within its bytes whatever the alphabet', () => {
  const findings = Array.from({ length: 100 }, () => finding({ detail: '한'.repeat(700), suggestion: '글'.repeat(400) }))
  const found = addFindings(nothing, { summary: '', findings }, new Map([['a.js', 1]]))
  expect(Buffer.byteLength(JSON.stringify(found.findings))).toBeLessThan(101_000)
  expect(found.findings.length + found.dropped.beyond).toBe(100)
})

it('stops at the chosen severity and above', () => {
  expect(stopping('critical')).toEqual(['critical'])
  expect(stopping('info')).toHaveLength(5)
  expect(stopping(null)).toEqual([])
  const counts = { ...noCounts(), high: 2, low: 1 }
  const findings = [finding({ severity: 'high', title: 'One' }), finding({ severity: 'low', title: 'Three' })]
  expect(stopReason(review({ counts, findings, stopAt: 'critical' }))).toBeNull()
  expect(stopReason(review({ counts, findings, stopAt: null }))).toBeNull()
  const reason = stopReason(review({ counts, findings, stopAt: 'high' }))
  expect(reason).toContain('The review stopped the deployment: 2 high. One (high, a.js:1). The version before stays in use.')
  expect(reason).not.toContain('Three')
  expect(countWords(counts)).toBe('2 high, 1 low')
  expect(countWords(noCounts())).toBe('nothing')
})

it('says what no review means', () => {
  expect(unreadableReason('Why.', 'low')).toMatch(/^No deployment without its review: Why\. The version before stays in use\./)
  expect(unreadableReason('Why.', null)).toContain('so it goes on')
})

it('names what was left out, and code that went out unread', () => {
  const many = Array.from({ length: 7 }, (_, at) => ({ path: `${at}.png`, why: 'binary' as const }))
  expect(leftOutLines([{ path: 'package-lock.json', why: 'lock' }, ...many])).toEqual([
    'left out, locked versions: package-lock.json',
    'left out, no text: 0.png, 1.png, 2.png, 3.png, 4.png and 2 more',
  ])
  expect(unseenReason([{ path: 'package-lock.json', why: 'lock' }, { path: 'a.js', why: 'empty' }, ...many])).toBeNull()
  const hidden = ['a', 'b', 'c', 'd'].map((name) => ({ path: `${name}.mjs`, why: 'denied' as const }))
  expect(unseenReason(hidden)).toContain('c.mjs (on the list of paths that no model gets to see) and 1 more.')
})

it('writes a model’s words into Markdown as nothing but words', () => {
  const hostile = '# Heading <b>x</b> [a](javascript:1) `code` **bold** http://evil.example www.evil.example me@evil.example'
  const text = reviewText(
    review({
      summary: `${hostile}\n- list\n1. one\n> quote\n---`,
      findings: [finding({ title: hostile, detail: hostile })],
      demoModel: true,
    }),
  )
  for (const unwanted of [
    '<b>',
    '[a](',
    '`code`',
    '**bold**',
    '://evil',
    ' www.evil',
    ' me@evil',
    '\n- list',
    '\n1. one',
    '\n> quote',
    '\n---',
  ])
    expect(text).not.toContain(unwanted)
  expect(text).toContain('m (demo model)')
  expect(text).toContain('**medium** · fault · a.js:1')
})
