import { describe, expect, it } from 'vitest'
import { failureSignature, judgeCriteria, parseReport, statusOf } from './rules.ts'
import type { TestResult } from './schema.ts'

const criteria = [
  { id: 'AC-1', text: 'one', derived: false },
  { id: 'AC-2', text: 'two', derived: true },
]
const test = (
  criterion: string | null,
  passed: boolean,
  failure: TestResult['failure'] = passed ? null : 'assertion',
  name = 'works',
): TestResult => ({
  name,
  criterion,
  file: 'a.test.mjs',
  passed,
  failure,
  message: passed ? null : 'Expected 201, got 404',
  durationMs: 1,
})

describe('which tests count', () => {
  it('are those that failed on their own assertion before the code and pass at the end', () => {
    const results = judgeCriteria(criteria, [test('AC-1', false), test('AC-2', false)], [test('AC-1', true), test('AC-2', true)])
    expect(results.map(({ result }) => result)).toEqual(['passed', 'passed'])
    expect(statusOf(results)).toBe('SUCCESS')
  })

  it.each([
    ['passed before there was code', [test('AC-2', true)], 'passes without any code'],
    ['failed by throwing', [test('AC-2', false, 'other')], 'does not fail on an assertion'],
    ['were never written', [], 'no test'],
  ])('are not those that %s: the criterion stays unverified', (_words, baseline, detail) => {
    const results = judgeCriteria(criteria, [test('AC-1', false), ...baseline], [test('AC-1', true), test('AC-2', true)])
    expect(results[1]).toMatchObject({ result: 'unverified', detail: expect.stringContaining(detail) })
    expect(statusOf(results)).toBe('UNSTABLE')
  })

  it('go red when they fail, or are missing from the final report', () => {
    const baseline = [test('AC-1', false), test('AC-2', false)]
    expect(statusOf(judgeCriteria(criteria, baseline, [test('AC-1', true), test('AC-2', false)]))).toBe('FAILURE')
    const results = judgeCriteria(criteria, baseline, [test('AC-1', true)])
    expect(results[1]).toMatchObject({ result: 'failed', detail: 'its test did not run to the end' })
  })

  it('cannot be replaced by a test of another name in the final run', () => {
    const results = judgeCriteria(
      criteria,
      [test('AC-1', false), test('AC-2', false)],
      [test('AC-1', true, null, 'other'), test('AC-2', true)],
    )
    expect(results[0]?.result).toBe('failed')
  })
})

describe('the report', () => {
  it('is read line by line, and what is no report is left out', () => {
    const line = JSON.stringify(test('AC-1', true))
    expect(parseReport(`${line}\nnonsense\n{"x":1}\n{"end":true}\n`)).toMatchObject({ finished: true, tests: [{ criterion: 'AC-1' }] })
    expect(parseReport(`${line}\n${line.slice(0, 20)}`).finished).toBe(false)
  })
})

it('the same failure with other ids and times has the same signature', () => {
  const at = (detail: string) => failureSignature([{ id: 'AC-1', text: '', derived: false, result: 'failed', detail }])
  expect(at('got 0197f6a0-1111-7222-8333-123456789abc after 12 ms')).toBe(at('got 0197f6a0-9999-7222-8333-cba987654321 after 7 ms'))
  expect(at('got 404')).not.toBe(at('got nothing'))
})
