import { z } from 'zod'

/** What the dashboard shows of a person's agents: those they may use; runs are their own. */
export const statsSchema = z.object({
  agents: z.object({ total: z.number().int(), active: z.number().int() }),
  runs: z.object({
    total: z.number().int(),
    succeeded: z.number().int(),
    /** 0 to 1; null without a run that ended. */ successRate: z.number().nullable(),
  }),
  lastActivityAt: z.iso.datetime().nullable(),
  /** The last 30 days (UTC), oldest first, days without runs too. */
  days: z.array(
    z.object({
      day: z.iso.date(),
      succeeded: z.number().int(),
      failed: z.number().int(),
      stopped: z.number().int(),
      tokens: z.number(),
      costMicros: z.number(),
    }),
  ),
})
export type Stats = z.infer<typeof statsSchema>
