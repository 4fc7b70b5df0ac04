import { z } from 'zod'

/**
 * What each model takes and costs. Prices are US dollars a million tokens; `temperature` says whether the model accepts one
 * (newer models refuse it with a 400).
 */
export const models = {
  'claude-opus-5-5': {
    label: 'Claude Opus 5.5',
    temperature: false,
    maxOutputTokens: 64_000,
    price: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  },
  'claude-sonnet-5-5': {
    label: 'Claude Sonnet 5.5',
    temperature: false,
    maxOutputTokens: 64_000,
    price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  },
  'claude-haiku-5-5': {
    label: 'Claude Haiku 5.5',
    temperature: false,
    maxOutputTokens: 64_000,
    price: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  },
} as const

export type ModelName = keyof typeof models

/** Tokens of one answer, in the Messages API's own words. */
export const usageSchema = z.object({
  input_tokens: z.number().int().catch(0),
  output_tokens: z.number().int().catch(0),
  cache_read_input_tokens: z.number().int().nullish().catch(0),
  cache_creation_input_tokens: z.number().int().nullish().catch(0),
})
export type Usage = z.infer<typeof usageSchema>

/** The `error.type` of the answer that the app itself gives once a build's budget is spent. */
export const budgetSpentType = 'budget_spent_error'
