import { describe, expect, it } from 'vitest'
import { defaultAiSettings, denyPathLimits } from '@/server/ai/schema.ts'
import { draftOf, isChanged, patternsOf, problemOf, settingsOf } from './code-settings-draft.ts'

describe('the patterns of a text', () => {
  it('stand one a line; empty lines and comments are none', () => {
    expect(patternsOf('  *.csv \r\n\n# people\nprivate/\n')).toEqual(['*.csv', 'private/'])
  })

  it('say in which line something is wrong', () => {
    expect(problemOf('*.csv\n\n!keep')).toEqual({ line: 3, problem: 'negated' })
    expect(problemOf('a\\b')).toEqual({ line: 1, problem: 'slashes' })
    expect(problemOf('*a*b*c*d')).toEqual({ line: 1, problem: 'wildcards' })
    expect(problemOf('x'.repeat(denyPathLimits.length + 1))).toEqual({ line: 1, problem: 'long' })
    expect(problemOf('a\n'.repeat(denyPathLimits.patterns + 1))).toEqual({ line: 0, problem: 'many' })
    expect(problemOf('a\n'.repeat(denyPathLimits.patterns))).toBeNull()
  })
})

it('a draft is changed where it means something else', () => {
  const stored = { ...defaultAiSettings, denyPaths: ['a', 'b'] }
  expect(isChanged({ ...draftOf(stored), text: ' a \n\nb\nb' }, stored)).toBe(false)
  expect(isChanged({ ...draftOf(stored), text: 'a' }, stored)).toBe(true)
  expect(isChanged({ ...draftOf(stored), stopAt: null }, stored)).toBe(true)
  expect(settingsOf(draftOf(stored))).toEqual(stored)
})
