import { z } from 'zod'

/** What a test run came to. */
export interface Tally {
  passed: number
  failed: number
  skipped: number
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
})

/** Counts Vitest's JSON report. A file that could not even be loaded has no tests; it counts as one failure. */
export function tallyVitest(report: unknown): Tally {
  const read = vitestReport.parse(report)
  const broken = read.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: read.numPassedTests,
    failed: read.numFailedTests + broken.length,
    skipped: read.numPendingTests + read.numTodoTests,
  }
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()).default([]),
})

/** Counts Playwright's JSON report. An error outside any test (a server that did not start) is a failure; a flaky test is one too. */
export function tallyPlaywright(report: unknown): Tally {
  const { stats, errors } = playwrightReport.parse(report)
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
}

/** Joins the parts; a runner that failed without saying which test counts as one failure. */
export function sum(parts: { tally: Tally; exitCode: number }[]): Tally {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { tally, exitCode } of parts) {
    total.passed += tally.passed
    total.failed += tally.failed || (exitCode === 0 ? 0 : 1)
    total.skipped += tally.skipped
  }
  return total
}

/** The exit status of the whole: nothing may fail, something must pass, and where `strict` (in CI) nothing may be skipped. */
export function exitStatus(total: Tally, strict: boolean): number {
  return total.failed > 0 || total.passed === 0 || (strict && total.skipped > 0) ? 1 : 0
}
