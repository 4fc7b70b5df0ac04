import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deriveName, numberedName, parseIssueJson, parseIssueMarkdown, parseIssueUrl } from './rules.ts'
import { reservedNames, serviceNameSchema } from './schema.ts'

describe('the service name of a title', () => {
  it.each([
    ['Bookmark manager for our team', 'bookmark-manager-for-our-team'],
    ['회의실 예약 앱', /^[a-z-]+$/],
    ['🎉🎉', 'app-1'],
    ['', 'app-1'],
    ['2048', 'app-1'],
    ['Admin', 'admin-app'],
    ["What's up, Döner?", 'whats-up-doner'],
    ['<script>alert(1)</script>', 'script-alert-1-script'],
    ['../../etc/passwd', 'etc-passwd'],
    ['x'.repeat(200), 'x'.repeat(36)],
    ['a', 'app-1'],
  ])('%j becomes %s', (title, expected) => {
    const name = deriveName(title)
    expect(name).toMatch(expected)
    expect(serviceNameSchema.safeParse(name).success).toBe(true)
  })

  it('is never a reserved path, and stays valid when numbered', () => {
    for (const reserved of reservedNames) expect(serviceNameSchema.safeParse(deriveName(reserved)).success).toBe(true)
    for (let tries = 0; tries < 50; tries++)
      expect(serviceNameSchema.safeParse(numberedName(deriveName('word '.repeat(40)), tries)).success).toBe(true)
  })
})

describe('an issue in a file', () => {
  it.each(['bookmarks', 'meeting-rooms', 'split-expenses'])('is read from the webhook JSON of the sample %s', (sample) => {
    const issue = parseIssueJson(readFileSync(`public/samples/${sample}.json`, 'utf8'))
    expect(issue?.title.length).toBeGreaterThan(3)
    expect(issue?.body.length).toBeGreaterThan(100)
    expect(issue?.url).toMatch(/^https:\/\/github\.com\//)
  })

  it('is read from an issue as the API gives it, with no body', () => {
    expect(parseIssueJson('{"title":"T","body":null}')).toEqual({ title: 'T', body: '', url: null })
  })

  it('keeps no address that is not http', () => {
    expect(parseIssueJson('{"title":"T","html_url":"javascript:alert(1)"}')?.url).toBeNull()
  })

  it('keeps an address as browsers write it, and none without an end', () => {
    expect(parseIssueJson('{"title":"T","html_url":"https://x.test/\\u0000a b"}')?.url).toBe('https://x.test/%00a%20b')
    expect(parseIssueJson(JSON.stringify({ title: 'T', html_url: `https://x.test/${'a'.repeat(2_000)}` }))?.url).toBeNull()
  })

  it.each(['', '[]', '{"issue":{}}', '{"issue":', '"x"', 'null'])('is refused where the JSON is %j', (text) => {
    expect(parseIssueJson(text)).toBeNull()
  })

  it('is read from Markdown: the first line that is not empty is the title', () => {
    expect(parseIssueMarkdown('\uFEFF\n\n# A title\r\n\r\nThe body\n- one\n')).toEqual({
      title: 'A title',
      body: 'The body\n- one',
      url: null,
    })
    expect(parseIssueMarkdown('just a title')).toEqual({ title: 'just a title', body: '', url: null })
    expect(parseIssueMarkdown(' \n\t\n')).toBeNull()
    expect(parseIssueMarkdown('#\nbody')).toBeNull()
  })
})

describe("a GitHub issue's address", () => {
  it.each([
    ['https://github.com/octocat/hello-world/issues/12', 12],
    [' https://www.github.com/o/r.x/issues/7/?q=1#issuecomment-1 ', 7],
  ])('%s is one', (url, number) => expect(parseIssueUrl(url)?.number).toBe(number))

  it.each([
    'http://github.com/o/r/issues/1',
    'https://github.com.evil.test/o/r/issues/1',
    'https://github.com/o/r/pull/1',
    'https://github.com/o/../issues/1',
    'https://github.com/o/r/issues/x',
    'javascript:alert(1)',
    '',
  ])('%j is none', (url) => expect(parseIssueUrl(url)).toBeNull())
})
