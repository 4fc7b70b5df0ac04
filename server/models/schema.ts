/** How hard a model is to try, least first. */
export const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const
export type Effort = (typeof efforts)[number]

/**
 * What each model takes and costs: the one table of it. Prices are US dollars a million tokens. `temperature` says whether it accepts one
 * (newer models refuse it with a 400), `efforts` which it knows, `thinking` how it is made to think: `adaptive` decides by itself,
 * `budget` is given a number of tokens. A field that a model refuses is neither shown nor sent.
 */
export const models = {
  'claude-opus-5-5': {
    label: 'Claude Opus 5.5',
    temperature: false,
    efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
    thinking: 'adaptive',
    images: true,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    price: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  },
  'claude-sonnet-5-5': {
    label: 'Claude Sonnet 5.5',
    temperature: false,
    efforts: ['low', 'medium', 'high', 'max'],
    thinking: 'adaptive',
    images: true,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  },
  'claude-haiku-5-5': {
    label: 'Claude Haiku 5.5',
    temperature: false,
    efforts: [],
    thinking: 'budget',
    images: true,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    price: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  },
  'claude-haiku-4-5': {
    label: 'Claude Haiku 4.5',
    temperature: true,
    efforts: [],
    thinking: 'budget',
    images: true,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    price: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  },
} as const satisfies Record<string, ModelFacts>

/** One model's row of the table. */
export interface ModelFacts {
  label: string
  temperature: boolean
  efforts: readonly Effort[]
  thinking: 'adaptive' | 'budget'
  images: boolean
  contextTokens: number
  maxOutputTokens: number
  price: { input: number; output: number; cacheRead: number; cacheWrite: number }
}

export type ModelName = keyof typeof models
