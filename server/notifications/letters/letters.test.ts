import { expect, test } from 'vitest'
import { type Locale, locales } from '@/server/core/locales.ts'
import { plainLine, plainName, plainText } from '../rules.ts'
import type { Letter } from '../schema.ts'
import { composeLetter } from './compose.ts'
import { html } from './markup.ts'

const link = 'http://localhost:3000/admin/beta?a=1&b="2"'
const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&amp;`
const letters: Letter[] = [
  { name: 'betaReceipt', values: { name: evil } },
  { name: 'betaNotice', values: { name: evil, email: evil, company: evil, purpose: `${evil}\nsecond line`, teamSize: evil, link } },
  { name: 'betaDecision', values: { name: evil, approved: true, message: evil, link } },
  { name: 'betaDecision', values: { name: '', approved: false, message: null, link } },
  { name: 'invitation', values: { inviter: evil, service: evil, role: 'maintainer', link } },
]
const all = letters.flatMap((letter) => locales.map((locale): [Letter, Locale] => [letter, locale]))

test.each(all)('%o in %s is a page in that language whose markup is ours alone', (letter, locale) => {
  const { html: page, text, subject } = composeLetter(letter, locale)
  expect(page).toContain(`<html lang="${locale}"`)
  expect(page).not.toMatch(/<script|<img|onerror="|href="(?!http:\/\/localhost:3000\/)/)
  // Every tag is one that the page is made of, and every blank was filled.
  const tags = new Set([...page.matchAll(/<\/?([a-z1-9]+)/g)].map(([, tag]) => tag))
  const known = ['html', 'head', 'meta', 'title', 'style', 'body', 'div', 'table', 'tr', 'td', 'h1', 'p', 'a', 'br']
  expect([...tags].filter((tag) => !known.includes(tag ?? ''))).toEqual([])
  for (const words of [page, text, subject]) expect(words).not.toMatch(/undefined|\{\w+\}|mail\.\w+/)
  expect(subject).not.toMatch(/[\r\n]/)
  expect(text).not.toMatch(/<(p|br|td|a)[ >]/)
})

test('the page has the button, the plain address, what a list shows, and why one gets it; the text says the same', () => {
  const { html: page, text, subject } = composeLetter(letters[1] as Letter, 'en')
  const written = 'http://localhost:3000/admin/beta?a=1&amp;b=&quot;2&quot;'
  expect(page.split(`href="${written}"`)).toHaveLength(3)
  expect(page).toContain(`>${written}</a>`)
  expect(page).toContain('waits for a decision.')
  expect(page).toContain('second line')
  expect(page).toMatch(/color-scheme" content="light dark"/)
  expect(text).toContain(link)
  expect(text).toContain('> second line')
  for (const words of [page, text]) expect(words).toContain('because you administer this Maestro')
  expect(subject).toContain('Beta application of')
})

test('each language has its own words', () => {
  const letter: Letter = { name: 'betaDecision', values: { name: '지수', approved: true, message: '반갑습니다', link } }
  const { text, subject } = composeLetter(letter, 'ko')
  expect(subject).toBe('Maestro 베타에 오신 것을 환영합니다')
  expect(text).toContain('지수 님, 안녕하세요.')
  expect(text).toContain('> 반갑습니다')
  expect(composeLetter(letter, 'en').text).toContain('Hello 지수,')
})

test('people’s words keep their letters and lose what cannot be seen', () => {
  expect(plainLine('a\r\nBcc: x@example.com\tb\0c')).toBe('a Bcc: x@example.com bc')
  expect(plainLine('\u202Egnp.exe\u2066 ok\u200B')).toBe('gnp.exe ok')
  expect(plainLine('👩‍👩‍👧 가족 “é”')).toBe('👩‍👩‍👧 가족 “é”')
  expect([...plainLine('가'.repeat(500))]).toHaveLength(120)
  expect(plainText('one\r\n\r\n\r\n\r\ntwo\u2028three')).toBe('one\n\ntwothree')
})

test('a name in a mail to strangers makes no link', () => {
  expect(plainName('See evil.com')).toBe('See evil\u2060.\u2060com')
  expect(plainName('https://evil.com')).not.toMatch(/https:\/\/|evil\.com/)
  expect(plainName('J. R. Smith')).toBe('J. R. Smith')
  const {
    text,
    html: page,
    subject,
  } = composeLetter({ name: 'invitation', values: { inviter: 'win at www.evil.com', service: 'shop', role: 'viewer', link } }, 'en')
  for (const words of [text, page, subject]) expect(words).not.toContain('evil.com')
})

test('markup is escaped wherever it stands, once', () => {
  const inner = html`<b>${'<&>'}</b>`
  expect(html`<p title="${'"\'<'}">${inner}${['a', inner]}${null}${false}${0}</p>`.html).toBe(
    '<p title="&quot;&#39;&lt;"><b>&lt;&amp;&gt;</b>a<b>&lt;&amp;&gt;</b>0</p>',
  )
})
