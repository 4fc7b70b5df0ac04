import { describe, expect, it } from 'vitest'
import { inputFields } from './tool-input.ts'

const of = (input: string) => inputFields(input)?.map(({ name, text }) => [name, text])

describe('what a tool is given', () => {
  it('is read field by field where its values are plain', () => {
    expect(of('{"path":"a.txt","content":"one\\ntwo","all":true,"from":3,"none":null}')).toEqual([
      ['path', 'a.txt'],
      ['content', 'one\ntwo'],
      ['all', 'true'],
      ['from', '3'],
      ['none', 'null'],
    ])
    for (const input of ['[1]', '"a"', '{"a":{"b":1}}', '{"a":["b"]}', '', '{', 'no']) expect(of(input) ?? null).toBeNull()
    expect(of('{}')).toEqual([])
  })

  it('is read as far as it has been written, and never loses what was read', () => {
    const content = 'a "quoted" \\ word\n\ttab é 한글 \u2028 😀 {"path": "b"}, end'
    const input = JSON.stringify({ path: 'notes/a.txt', all: true, lines: -12.5, content }).replace('é', '\\u00e9')
    let before = ''
    for (let length = 1; length < input.length; length++) {
      const fields = of(input.slice(0, length)) ?? []
      const text = Object.fromEntries(fields).content ?? ''
      expect(content.startsWith(text) && text.startsWith(before), input.slice(0, length)).toBe(true)
      if (length > 25) expect(fields[0]).toEqual(['path', 'notes/a.txt'])
      before = text
    }
    expect(before).toBe(content)
  })

  it('stops before a value that is no plain one, and is left as it is where it is no JSON', () => {
    expect(of('{"path":"a","list":[1,2],"content":"x')).toEqual([['path', 'a']])
    expect(of('{"path":"a\nb')).toBeUndefined()
    expect(of('{"a":"b","c":tru')).toEqual([['a', 'b']])
  })

  it('is read in time, however long it is', () => {
    const text = `${'"quoted\\" \n'.repeat(200_000)}`
    const input = JSON.stringify({ path: 'long', content: text })
    const [, field] = inputFields(input.slice(0, -2)) ?? []
    expect(field?.text.length).toBe(text.length)
    for (const endless of ['\\', 'a', ' ', '\\"']) expect(inputFields(`{"${endless.repeat(100_000)}`)).toBeNull()
  })
})
