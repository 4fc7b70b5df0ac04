import { z } from 'zod'

export { type ModelName, models } from '@/server/models/schema.ts'

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
/** So many wildcards a pattern may have: `*`, `?` and `{…}` in one name, and `**` in all. More are hard to follow, for people and for machines. */
export const denyPathWildcards = { name: 3, folders: 3 } as const

/** What is wrong with a pattern; the server and the settings page say it in words of their own. */
export type DenyPathProblem = 'long' | 'characters' | 'negated' | 'slashes' | 'wildcards'
/** Why a pattern of a deny-list is refused, or null. */
export function denyPathProblem(pattern: string): DenyPathProblem | null {
  if (pattern.length > denyPathLimits.length) return 'long'
  if (/\p{Cc}/u.test(pattern)) return 'characters'
  if (pattern.startsWith('!')) return 'negated'
  const names = pattern.split('/')
  if (pattern.includes('\\') || names.includes('..')) return 'slashes'
  const many = names.some((name) => name !== '**' && name.split(/[*?]+|\{/).length - 1 > denyPathWildcards.name)
  return many || pattern.split('**').length - 1 > denyPathWildcards.folders ? 'wildcards' : null
}

const denyPathProblems: Record<DenyPathProblem, string> = {
  long: `a pattern has at most ${denyPathLimits.length} characters`,
  characters: 'a pattern has no control characters',
  negated: 'a pattern names what is left out; it does not begin with "!"',
  slashes: 'a pattern has forward slashes and no way up',
  wildcards: `a pattern has at most ${denyPathWildcards.name} wildcards in one name and ${denyPathWildcards.folders} times "**"`,
}

/** A glob as `.gitignore` has them: relative, with forward slashes; a name alone is meant in any folder. */
export const denyPathSchema = z
  .string()
  .trim()
  .min(1)
  .superRefine((pattern, context) => {
    const problem = denyPathProblem(pattern)
    if (problem) context.addIssue({ code: 'custom', message: denyPathProblems[problem] })
  })

/** What a project's owner chose about its code and models. */
export const aiSettingsSchema = z.object({
  review: z.boolean(),
  /** The least severity that stops a deployment; null: none does. */
  stopAt: severitySchema.nullable(),
  denyPaths: z.array(denyPathSchema).max(denyPathLimits.patterns),
})
export type AiSettings = z.infer<typeof aiSettingsSchema>
export const defaultAiSettings: AiSettings = { review: true, stopAt: 'critical', denyPaths: [] }

export const tryPathInput = z.object({
  path: z.string().trim().min(1).max(1_000),
  /** Patterns that are not stored yet, instead of those that are. */
  denyPaths: z.array(denyPathSchema).max(denyPathLimits.patterns).optional(),
})
/** Whether a path would be withheld from every model, and by which pattern. */
export const pathAnswerSchema = z.object({ withheld: z.boolean(), pattern: z.string().nullable(), always: z.boolean() })
export type PathAnswer = z.infer<typeof pathAnswerSchema>

/** Paths that no model gets to see, in any project. */
export const alwaysDenied = [
  '**/.git/**',
  '**/.git',
  '**/.env*',
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
  '**/*.ppk',
  '**/*.kdbx',
  '**/.npmrc',
  '**/.yarnrc.yml',
  '**/.pypirc',
  '**/.netrc',
  '**/.git-credentials',
  '**/.htpasswd',
  '**/.pgpass',
  '**/.ssh/**',
  '**/.aws/**',
  '**/.gnupg/**',
  '**/.kube/config',
  '**/.docker/config.json',
  '**/*.tfstate',
  '**/*.tfstate.*',
  '**/credentials.json',
  '**/service-account*.json',
] as const

/** How a sending came out: without an answer so far, answered, or refused or broken. */
export const callOutcomes = ['open', 'ok', 'failed'] as const
export type CallOutcome = (typeof callOutcomes)[number]

const shortWord = z
  .string()
  .trim()
  .max(320)
  .refine((text) => !text.includes('\0'))
  .transform((text) => text || undefined)
  .optional()
/** A time that the database knows: it counts no year 0. */
const storableTime = z.iso.datetime().refine((time) => !time.startsWith('0000'))
export const ledgerFindings = ['redactions', 'withheld'] as const

/** Which sendings are asked for. `person` is an id, or a part of a name or an e-mail address. */
export const ledgerFilterSchema = z.object({
  since: storableTime.optional(),
  until: storableTime.optional(),
  purpose: shortWord,
  model: shortWord,
  build: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  person: shortWord,
  outcome: z.enum(callOutcomes).optional(),
  /** Only those of which a secret was replaced, or a file left out. */
  found: z.enum(ledgerFindings).optional(),
})
export type LedgerFilter = z.infer<typeof ledgerFilterSchema>
/** An administrator's filter; `service` is that of one project. */
export const ledgerAllFilterSchema = ledgerFilterSchema.extend({ service: shortWord })
export type LedgerAllFilter = z.infer<typeof ledgerAllFilterSchema>

/** Sendings that one export holds at most, the newest of those asked for; and how many are read at once with all their details. */
export const ledgerExportLimit = 100_000
export const ledgerDetailedLimit = 200
const ledgerPaging = {
  /** Sendings older than this one: the `next` of the page before. */
  before: z
    .string()
    .regex(/^\d{1,14}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    .meta({ example: '1790000000000.01968d5e-3c5a-7000-8000-000000000000' })
    .optional(),
  limit: z.coerce.number().int().min(1).max(ledgerDetailedLimit).default(50),
  /** Whether each sending comes with its details. */
  detail: z.enum(['none', 'all']).default('none'),
}
export const ledgerInput = ledgerFilterSchema.extend(ledgerPaging)
export const ledgerAllInput = ledgerAllFilterSchema.extend(ledgerPaging)
export const ledgerEntryInput = z.object({ id: z.uuid() })

const callCount = z.number().int().min(0)
/** What is known of a sending beyond its figures. Files and paths belong to the project: null for who is no member of it. */
export const callDetailsSchema = z.object({
  files: z.array(sentFileSchema).nullable(),
  redactions: z.array(redactionSchema),
  withheld: z.array(z.string()).nullable(),
  requestId: z.string().nullable(),
  /** Of the request as it left, after secrets were replaced. */
  sha256: z.string().nullable(),
  /** The AI server's key that it was sealed for. */
  keyId: z.string().nullable(),
})
export type CallDetails = z.infer<typeof callDetailsSchema>

/** One sending to a model. */
export const ledgerCallSchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  service: z.string(),
  /** Null where nobody is known to have asked: the server itself, or somebody who is gone. */
  person: z.object({ id: z.string(), name: z.string() }).nullable(),
  purpose: z.string(),
  build: z.number().int().nullable(),
  model: z.string(),
  demo: z.boolean(),
  outcome: z.enum(callOutcomes),
  /** The HTTP status of the answer; 0 without one. */
  status: z.number().int(),
  failure: z.string().nullable(),
  /** How often the model made the AI server wait. */
  waits: callCount,
  durationMs: callCount,
  bytes: callCount,
  sealedBytes: callCount,
  files: callCount,
  redactions: callCount,
  withheld: callCount,
  /** With what was written to and read from the model's cache. */
  inputTokens: callCount,
  outputTokens: callCount,
  cacheReadTokens: callCount,
  cacheWriteTokens: callCount,
  /** In millionths of a US dollar; for the demo model, what Claude would have cost. */
  costMicros: callCount,
  details: callDetailsSchema.nullable(),
})
export type LedgerCall = z.infer<typeof ledgerCallSchema>
/** Newest first; `next` is the `before` of the next page. */
export const ledgerPageSchema = z.object({ items: z.array(ledgerCallSchema), next: z.string().nullable() })
export type LedgerPage = z.infer<typeof ledgerPageSchema>

/** So many days the totals tell apart at most, the last ones. */
export const ledgerDays = 60
/** Sums over all that a filter finds. */
export const ledgerTotalsSchema = z.object({
  calls: callCount,
  open: callCount,
  failed: callCount,
  bytes: callCount,
  files: callCount,
  redactions: callCount,
  withheld: callCount,
  inputTokens: callCount,
  outputTokens: callCount,
  /** What Claude cost; what the demo model's answers would have cost stands apart. */
  costMicros: callCount,
  demoMicros: callCount,
  /** Days (UTC) on which something was sent, in order. */
  days: z.array(z.object({ day: z.iso.date(), calls: callCount, bytes: callCount, costMicros: callCount, demoMicros: callCount })),
})
export type LedgerTotals = z.infer<typeof ledgerTotalsSchema>
/** What there is to filter by. */
export const ledgerChoicesSchema = z.object({ purposes: z.array(z.string()), models: z.array(z.string()) })
export type LedgerChoices = z.infer<typeof ledgerChoicesSchema>
