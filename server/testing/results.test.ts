import { expect, test } from 'vitest'
import { exitStatus, sum, tallyPlaywright, tallyVitest } from './results.ts'

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((test) => ({ status: test })) })

test('a file that cannot be loaded counts as one failure', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 1,
    testResults: [file('failed', 'failed', 'passed'), file('failed')],
  }
  expect(tallyVitest(report)).toEqual({ passed: 2, failed: 2, skipped: 1 })
})

test('flaky tests and errors outside tests are failures', () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
  expect(tallyPlaywright({ stats, errors: [{}] })).toEqual({ passed: 3, failed: 3, skipped: 2 })
})

test('a runner that ends badly without a failed test counts as one failure', () => {
  const tally = { passed: 4, failed: 0, skipped: 0 }
  expect(
    sum([
      { tally, exitCode: 1 },
      { tally, exitCode: 0 },
    ]),
  ).toEqual({ passed: 8, failed: 1, skipped: 0 })
})

test('failures, no tests at all, and skipped tests in CI fail the run', () => {
  expect(exitStatus({ passed: 1, failed: 0, skipped: 1 }, false)).toBe(0)
  expect(exitStatus({ passed: 1, failed: 0, skipped: 1 }, true)).toBe(1)
  expect(exitStatus({ passed: 1, failed: 1, skipped: 0 }, false)).toBe(1)
  expect(exitStatus({ passed: 0, failed: 0, skipped: 0 }, false)).toBe(1)
})
