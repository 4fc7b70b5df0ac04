import { z } from 'zod'
import { displayNameProblem } from '@/server/accounts/schema.ts'

/** How many people will work with it, from few to many. */
export const teamSizes = ['just-me', '2-5', '6-20', '21-100', 'more'] as const
export const applicationStatuses = ['OPEN', 'APPROVED', 'REJECTED'] as const
export type ApplicationStatus = (typeof applicationStatuses)[number]

export const applicationLimits = { nameMax: 100, companyMax: 120, purposeMin: 20, purposeMax: 2_000, messageMax: 1_000 } as const
/** How long after a rejection somebody may apply again. */
export const reapplyAfterDays = 7

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused; lines and tabs belong to a text.
const deceptive = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/
const sentence = (what: string) => `The ${what} may not hold invisible characters that change how text reads.`
/** What a person is called, or where they work: one line without tricks. */
const oneLine = (what: string) =>
  z
    .string()
    .transform((value) => value.normalize('NFC').trim())
    .refine((value) => displayNameProblem(value) !== 'hidden', sentence(what))
const text = (what: string) =>
  z
    .string()
    .transform((value) => value.normalize('NFC').trim())
    .refine((value) => !deceptive.test(value), sentence(what))

const { nameMax, companyMax, purposeMin, purposeMax, messageMax } = applicationLimits

/** What an applicant fills in. */
export const applyInput = z.object({
  name: oneLine('name').pipe(z.string().min(1, 'The name is missing.').max(nameMax, `A name may have ${nameMax} characters.`)),
  company: oneLine('company')
    .pipe(z.string().max(companyMax, `A company's name may have ${companyMax} characters.`))
    .default(''),
  purpose: text('text').pipe(
    z
      .string()
      .min(purposeMin, `Tell us a little more: at least ${purposeMin} characters.`)
      .max(purposeMax, `At most ${purposeMax} characters.`),
  ),
  teamSize: z.enum(teamSizes, 'Choose one of the sizes.'),
  consent: z.literal(true, 'Nothing can be stored without consent.'),
  /** The language the form was read in: that of the mails which follow. */
  locale: z.enum(['en', 'ko']).optional(),
})
export type ApplyInput = z.infer<typeof applyInput>

const application = z.object({
  id: z.uuid(),
  name: z.string(),
  company: z.string(),
  purpose: z.string(),
  teamSize: z.enum(teamSizes),
  createdAt: z.iso.datetime(),
})

/** Where the caller stands. */
export const mineSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  /** Waits for a decision; `position` counts from 1, the first in the queue. */
  z.object({ state: z.literal('open'), application, position: z.number().int() }),
  z.object({ state: z.literal('approved') }),
  z.object({
    state: z.literal('rejected'),
    application,
    message: z.string().nullable(),
    decidedAt: z.iso.datetime(),
    mayApplyAt: z.iso.datetime(),
  }),
])
export type Mine = z.infer<typeof mineSchema>

const decided = z.object({
  at: z.iso.datetime(),
  /** Who decided; null where nobody did (`automatic`), or where their account is gone. */
  by: z.string().nullable(),
  /** The server itself let the person in, because the beta is open to everybody. */
  automatic: z.boolean(),
  message: z.string().nullable(),
})

/** An application as administrators see it. */
export const applicationSchema = application.extend({
  userId: z.string(),
  email: z.string(),
  image: z.string().nullable(),
  locale: z.string(),
  status: z.enum(applicationStatuses),
  decided: decided.nullable(),
})
export type Application = z.infer<typeof applicationSchema>

export const listInput = z.object({
  status: z.enum(applicationStatuses).optional(),
  /** Control characters stand in no application, and the database could not even look for some of them. */
  search: z
    .string()
    .transform((words) => words.replace(/\p{Cc}/gu, '').trim())
    .pipe(z.string().max(100))
    .optional(),
  cursor: z.uuid().optional(),
})
export const listOutput = z.object({
  items: z.array(applicationSchema),
  next: z.uuid().nullable(),
  /** Of all applications, whatever was searched for. */
  counts: z.object({ OPEN: z.number().int(), APPROVED: z.number().int(), REJECTED: z.number().int() }),
})
export type ApplicationList = z.infer<typeof listOutput>

export const applicationInput = z.object({ id: z.uuid() })

export const decisions = ['approve', 'reject'] as const
export type Decision = (typeof decisions)[number]
export const decideInput = z.object({
  ids: z.array(z.uuid()).min(1).max(100),
  decision: z.enum(decisions),
  /** Goes to the applicant, in the mail and on their page. */
  message: text('message')
    .pipe(z.string().max(messageMax, `At most ${messageMax} characters.`))
    .optional(),
})
/** What became of each: `decided` by this call, or `before` it by somebody (`mine`: the caller); `missing` where its person is gone. */
export const decideOutput = z.object({
  decided: z.array(z.uuid()),
  before: z.array(
    decided
      .pick({ by: true, automatic: true })
      .extend({ id: z.uuid(), name: z.string(), status: z.enum(applicationStatuses), mine: z.boolean() }),
  ),
  missing: z.array(z.uuid()),
})
export type DecideOutput = z.infer<typeof decideOutput>

/** Event names of this domain; the data is `{applicationId}` in the envelope of `core/inngest.ts`. */
export const betaEvents = { applied: 'beta.applied', decided: 'beta.decided' } as const
