import { expect, it } from 'vitest'
import { kindOf } from './kinds.ts'

it.each([
  ['specification.json', 'application/json', 'specification'],
  ['crew/architecture.json', 'application/json', 'architecture'],
  ['tasks.json', 'application/json', 'tasks'],
  ['changes.diff', 'text/plain', 'diff'],
  ['changes', 'text/x-diff', 'diff'],
  ['README.md', 'text/plain', 'markdown'],
  ['report-tests-2.json', 'application/json', 'report'],
  ['baseline.json', 'application/json', 'report'],
  ['operations.json', 'application/octet-stream', 'json'],
  ['run.log', 'text/plain; charset=utf-8', 'text'],
  ['app.tar.gz', 'application/gzip', 'binary'],
])('shows %s (%s) as %s', (name, mediaType, kind) => expect(kindOf({ name, mediaType })).toBe(kind))
