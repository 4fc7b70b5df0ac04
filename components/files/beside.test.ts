import { expect, it } from 'vitest'
import { besidePath } from './beside.ts'

it('finds the next free path beside one that is taken', () => {
  const taken = new Set(['a/notes.txt', 'a/notes (2).txt', '.env', 'Makefile', 'v1.2/readme'])
  expect(besidePath('a/notes.txt', taken)).toBe('a/notes (3).txt')
  expect(besidePath('.env', taken)).toBe('.env (2)')
  expect(besidePath('Makefile', taken)).toBe('Makefile (2)')
  expect(besidePath('v1.2/readme', taken)).toBe('v1.2/readme (2)')
})
