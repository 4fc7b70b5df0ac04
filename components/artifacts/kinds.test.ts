import { expect, it } from 'vitest'
import { inOrder, kindOf } from './kinds.ts'

it.each([
  ['specification.json', 'application/json', 'specification'],
  ['crew/architecture.json', 'application/json', 'architecture'],
  ['tasks.json', 'application/json', 'tasks'],
  ['changes.diff', 'text/plain', 'diff'],
  ['changes', 'text/x-diff', 'diff'],
  ['README.md', 'text/plain', 'markdown'],
  ['report-tests-2.json', 'application/json', 'report'],
  ['baseline.json', 'application/json', 'report'],
  ['review.json', 'application/json', 'review'],
  ['operations.json', 'application/octet-stream', 'json'],
  ['run.log', 'text/plain; charset=utf-8', 'text'],
  ['app.tar.gz', 'application/gzip', 'binary'],
])('shows %s (%s) as %s', (name, mediaType, kind) => expect(kindOf({ name, mediaType })).toBe(kind))

it('lists documents as they were handed over, each with its two forms together', () => {
  const at = (name: string, createdAt: string) => ({ name, createdAt })
  const names = inOrder([at('b.md', '3'), at('tasks.json', '4'), at('a.diff', '2'), at('b.json', '1')]).map(({ name }) => name)
  expect(names).toEqual(['b.json', 'b.md', 'a.diff', 'tasks.json'])
})
