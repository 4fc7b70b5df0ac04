import { describe, expect, it } from 'vitest'
import { chooseLocale } from './locales.ts'
import en from './messages/en.json' with { type: 'json' }
import ko from './messages/ko.json' with { type: 'json' }

type Tree = { [key: string]: string | Tree }

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) found.set(inner, text)
  }
  return found
}

/** What a message has blanks for. The words of a choice stand in braces, too, and are no blanks. */
function placeholders(text: string): string[] {
  const found: string[] = []
  const parents: ('choice' | 'words')[] = []
  for (const { 0: piece, 1: name, index } of text.matchAll(/\{\s*(\w+)\s*(?=[,}])|[{}]/g)) {
    if (piece === '}') parents.pop()
    else if (parents.at(-1) === 'choice') parents.push('words')
    else {
      if (name) found.push(name)
      parents.push(name && text[index + piece.length] === ',' ? 'choice' : 'words')
    }
  }
  return found.sort()
}
const tags = (text: string) => [...text.matchAll(/<(\w+)>/g)].map((match) => match[1]).sort()

describe('messages', () => {
  const english = flatten(en)
  const korean = flatten(ko)

  it('has the same keys in both languages', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('has words, the same placeholders and the same tags under each key', () => {
    for (const [key, text] of english) {
      const other = korean.get(key) ?? ''
      expect(text.trim(), key).not.toBe('')
      expect(other.trim(), key).not.toBe('')
      expect(new Set(placeholders(other)), key).toEqual(new Set(placeholders(text)))
      expect(tags(other), key).toEqual(tags(text))
    }
  })
})

describe('chooseLocale', () => {
  it('believes the cookie before the browser', () => expect(chooseLocale('ko', 'en')).toBe('ko'))
  it('believes the account first, in whatever browser', () => {
    expect(chooseLocale(undefined, 'en', 'ko')).toBe('ko')
    expect(chooseLocale('en', 'en', 'ko')).toBe('ko')
    expect(chooseLocale('ko', 'en', null)).toBe('ko')
    expect(chooseLocale('xx', 'en', 'ko')).toBe('ko')
    expect(chooseLocale(undefined, 'ko', 'xx')).toBe('ko')
  })
  it('ignores a cookie that is no language of ours', () => expect(chooseLocale('../etc', 'ko-KR')).toBe('ko'))
  it('weighs what the browser wants', () => expect(chooseLocale(undefined, 'fr;q=0.9, en;q=0.3, ko;q=0.7')).toBe('ko'))
  it('leaves out what the browser refuses', () => expect(chooseLocale(undefined, 'ko;q=0, en;q=0.1')).toBe('en'))
  it('falls back on English', () => {
    expect(chooseLocale(undefined, null)).toBe('en')
    expect(chooseLocale(undefined, 'fr, de')).toBe('en')
  })
})
