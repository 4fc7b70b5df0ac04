import { z } from 'zod'

/** What the runner's report says of one test. */
export const testResultSchema = z.object({
  /** The test's own words, without the criterion's id. */
  name: z.string(),
  /** `AC-3`, or null where the name starts with none. */
  criterion: z.string().nullable(),
  file: z.string(),
  passed: z.boolean(),
  /** How a failed test failed: on an assertion of its own, or otherwise (it threw, timed out, was skipped). */
  failure: z.enum(['assertion', 'other']).nullable(),
  message: z.string().nullable(),
  durationMs: z.number(),
})
export type TestResult = z.infer<typeof testResultSchema>

/** One line of the runner's report file; the last one says that the runner came to its end. */
export const reportLineSchema = z.union([testResultSchema, z.object({ end: z.literal(true) })])

export const gateLimits = {
  reportBytes: 4 * 1024 * 1024,
  testTimeoutMs: 60_000,
  runTimeoutMs: 10 * 60_000,
  messageLength: 2_000,
} as const
