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

/** What a refused or broken sending is called in the ledger, besides the AI server's own refusals. */
export const interruptedFailure = 'interrupted'

/** A file in a request: its bytes and SHA-256 as they were sent. */
export const sentFileSchema = z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() })
export type SentFile = z.infer<typeof sentFileSchema>
/** Secrets of one kind that were replaced; `rule` is the rule's name, never a secret. */
export const redactionSchema = z.object({ rule: z.string(), count: z.number().int() })
export type Redaction = z.infer<typeof redactionSchema>
/** So many files and withheld paths are named in the ledger; all are counted. */
export const ledgerNames = 200

/** How grave a review's finding is, gravest first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
export const severitySchema = z.enum(severities)
export type Severity = z.infer<typeof severitySchema>

export const denyPathLimits = { patterns: 50, length: 200 } as const
/** A glob: relative, with forward slashes, as `.gitignore` has them. */
export const denyPathSchema = z
  .string()
  .trim()
  .min(1)
  .max(denyPathLimits.length)
  .refine((pattern) => !pattern.includes('\0') && !pattern.startsWith('!'), 'a pattern names what is left out; it does not begin with "!"')

/** What a project's owner chose about its code and models. */
export const aiSettingsSchema = z.object({
  review: z.boolean(),
  /** The least severity that stops a deployment; null: none does. */
  stopAt: severitySchema.nullable(),
  denyPaths: z.array(denyPathSchema).max(denyPathLimits.patterns),
})
export type AiSettings = z.infer<typeof aiSettingsSchema>
export const defaultAiSettings: AiSettings = { review: true, stopAt: 'critical', denyPaths: [] }

/** Paths that no model gets to see, in any project. */
export const alwaysDenied = [
  '**/.git/**',
  '**/.git',
  '**/.env',
  '**/.env.*',
  '**/*.pem',
  '**/*.key',
  '**/*.p12',
  '**/*.pfx',
  '**/*.jks',
  '**/*.keystore',
  '**/id_rsa*',
  '**/id_dsa*',
  '**/id_ecdsa*',
  '**/id_ed25519*',
  '**/.npmrc',
  '**/.netrc',
  '**/.pgpass',
  '**/.ssh/**',
  '**/.aws/**',
  '**/.gnupg/**',
  '**/credentials.json',
  '**/service-account*.json',
] as const
