import { describe, expect, it } from 'vitest'
import { emptyDraft, fieldOf, problemsOf, titleOf, titleOfFile } from './draft.ts'

describe('a draft', () => {
  it('needs a title of at most 200 characters, and a body of at most 64 KB, counted in bytes', () => {
    expect(problemsOf(emptyDraft)).toEqual({ title: 'missing' })
    expect(problemsOf({ ...emptyDraft, title: '   ' })).toEqual({ title: 'missing' })
    expect(problemsOf({ ...emptyDraft, title: 'x'.repeat(201) })).toEqual({ title: 'tooLong' })
    expect(problemsOf({ ...emptyDraft, title: 'x', body: '가'.repeat(21_845) })).toEqual({})
    expect(problemsOf({ ...emptyDraft, title: 'x', body: '가'.repeat(21_846) })).toEqual({ body: 'tooLong' })
  })
  it('may have an empty body', () => expect(problemsOf({ ...emptyDraft, title: 'An app' })).toEqual({}))
  it('wants the address of an issue', () => {
    const of = (url: string) => problemsOf({ ...emptyDraft, type: 'url', url })
    expect(of('')).toEqual({ url: 'missing' })
    expect(of('https://github.com/a/b/pull/3')).toEqual({ url: 'notAnIssue' })
    expect(of(' https://github.com/a/b/issues/3#issuecomment-1 ')).toEqual({})
  })
  it('wants a file', () => expect(problemsOf({ ...emptyDraft, type: 'file' })).toEqual({ file: 'missing' }))
})

describe('a file', () => {
  it('has the title of its issue', () => {
    expect(titleOfFile('{"action":"opened","issue":{"title":"An app"}}')).toBe('An app')
    expect(titleOfFile('\n# An app\n\ntext')).toBe('An app')
  })
  it('may have none', () => {
    expect(titleOfFile('{"issue":3}')).toBe('')
    expect(titleOfFile('{broken')).toBe('')
    expect(titleOfFile('')).toBe('')
    expect(titleOf({ ...emptyDraft, type: 'url', title: 'left over' })).toBe('')
  })
})

it('finds the field that the server means', () => {
  const fields = ['source.title', 'source.body', 'source.content', 'name', 'requestId', undefined]
  expect(fields.map((field) => fieldOf(field, 'text'))).toEqual(['title', 'body', 'title', 'name', null, null])
  expect(fields.map((field) => fieldOf(field, 'file'))).toEqual(['file', 'file', 'file', 'name', null, null])
  expect(fieldOf('source.title', 'url')).toBe('url')
})
