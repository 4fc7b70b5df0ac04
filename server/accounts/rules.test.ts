import { describe, expect, it } from 'vitest'
import { agentOf } from './rules.ts'
import { displayNameMax, displayNameSchema, profileInput } from './schema.ts'

describe('what a user agent tells', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
      { browser: 'Chrome 126', system: 'Windows', device: 'desktop' },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      { browser: 'Safari 17', system: 'iOS 17', device: 'mobile' },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
      { browser: 'Firefox 127', system: 'Linux', device: 'desktop' },
    ],
    ['curl/8.5.0', { browser: 'curl', system: null, device: null }],
    ['<script>alert(1)</script>', { browser: null, system: null, device: null }],
    ['', { browser: null, system: null, device: null }],
    [null, { browser: null, system: null, device: null }],
  ])('%s', (agent, told) => {
    expect(agentOf(agent)).toEqual(told)
  })

  it('reads the beginning of an endless one, quickly', () => {
    const started = performance.now()
    expect(agentOf(`curl/1 ${'(Windows '.repeat(100_000)}`).browser).toBe('curl 1')
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('the name somebody wants to be called by', () => {
  it.each([
    ['  Jo   Müller ', 'Jo   Müller'],
    ['홍길동', '홍길동'],
    ['👩‍💻', '👩‍💻'],
    ['', null],
    ['   ', null],
    ['x'.repeat(displayNameMax), 'x'.repeat(displayNameMax)],
    ['e\u0301', 'é'],
  ])('%j is kept', (given, kept) => {
    expect(displayNameSchema.parse(given)).toBe(kept)
  })

  it.each([
    'x'.repeat(displayNameMax + 1),
    'Jo\u0000',
    'Jo\nAdmin',
    'Jo\u202Enimda',
    '\u2066Jo\u2069',
    'Jo\u200F!',
    '\u3164\u3164',
    '\u200B\u200D',
    '\u2800',
    'Jo\u2028a',
    '\ud800',
  ])('%j is refused', (given) => {
    expect(displayNameSchema.safeParse(given).success).toBe(false)
  })

  it('counts characters as people do', () => {
    expect(displayNameSchema.safeParse('😀'.repeat(displayNameMax)).success).toBe(true)
  })
})

it('only languages and themes there are can be chosen', () => {
  expect(profileInput.parse({ locale: null, theme: 'dark' })).toEqual({ locale: null, theme: 'dark' })
  expect(profileInput.safeParse({ locale: 'de' }).success).toBe(false)
  expect(profileInput.safeParse({ theme: 'pink' }).success).toBe(false)
})
