import { z } from 'zod'

/** The runs of the last 30 days (UTC), oldest first, days without runs too. */
export const daysSchema = z.array(
  z.object({
    day: z.iso.date(),
    succeeded: z.number().int(),
    failed: z.number().int(),
    stopped: z.number().int(),
    tokens: z.number(),
    costMicros: z.number(),
  }),
)
export type Days = z.infer<typeof daysSchema>

export const agentDaysInput = z.object({ agentId: z.uuid() })
export const agentDaysOutput = z.object({ days: daysSchema })

/** What the dashboard shows of a person's agents: those they may use; runs are their own. */
export const statsSchema = z.object({
  agents: z.object({ total: z.number().int(), active: z.number().int() }),
  runs: z.object({
    total: z.number().int(),
    succeeded: z.number().int(),
    /** 0 to 1; null without a run that ended. */ successRate: z.number().nullable(),
  }),
  lastActivityAt: z.iso.datetime().nullable(),
  days: daysSchema,
})
export type Stats = z.infer<typeof statsSchema>
