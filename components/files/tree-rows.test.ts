import { expect, test } from 'vitest'
import type { FileEntry } from '@/server/files/schema.ts'
import { lineAfter, stepOf, treeRows } from './tree-rows.ts'

const entry = (path: string, kind: FileEntry['kind'] = 'file'): FileEntry => ({
  path,
  kind,
  bytes: 1,
  changedAt: '2026-01-01T00:00:00.000Z',
})
const entries = [entry('a.txt'), entry('src', 'folder'), entry('src/10.ts'), entry('src/9.ts'), entry('zoo', 'folder')]

test('folders stand first, closed ones hide what lies in them, and keys move as in any tree', () => {
  expect(treeRows(entries, new Set()).map(({ name }) => name)).toEqual(['src', 'zoo', 'a.txt'])
  const rows = treeRows(entries, new Set(['src']))
  expect(rows.map(({ name, level, place, siblings }) => [name, level, place, siblings])).toEqual([
    ['src', 1, 1, 3],
    ['9.ts', 2, 1, 2],
    ['10.ts', 2, 2, 2],
    ['zoo', 1, 2, 3],
    ['a.txt', 1, 3, 3],
  ])
  expect(stepOf('ArrowDown', rows, null)).toEqual({ to: 'src' })
  expect(stepOf('ArrowRight', rows, 'src')).toEqual({ to: 'src/9.ts' })
  expect(stepOf('ArrowRight', rows, 'zoo')).toEqual({ toggle: 'zoo' })
  expect(stepOf('ArrowLeft', rows, 'src/9.ts')).toEqual({ to: 'src' })
  expect(stepOf('Enter', rows, 'a.txt')).toEqual({ choose: 'a.txt' })
  expect(stepOf('End', rows, 'src')).toEqual({ to: 'a.txt' })
})

test('a line that goes leaves its place to the next one, or to the one before the end', () => {
  const rows = treeRows(entries, new Set(['src']))
  expect(lineAfter(rows, 'src/9.ts')).toBe('src/10.ts')
  expect(lineAfter(rows, 'src')).toBe('zoo')
  expect(lineAfter(rows, 'a.txt')).toBe('zoo')
  expect(lineAfter(treeRows([entry('only.txt')], new Set()), 'only.txt')).toBeNull()
})
