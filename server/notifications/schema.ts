import { z } from 'zod'

/**
 * An address that mail is sent to: plain ASCII, so that no look-alike of another alphabet stands in it, and nothing that could end a
 * header or name a second receiver. Stored and compared in lower case.
 */
export const mailAddressSchema = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email())
  .transform((address) => address.toLowerCase())

const line = z.string().max(300)
const text = z.string().max(10_000)
/** Our own pages only ever stand behind a letter's link; `service.ts` looks at whose they are. */
const link = z.url({ protocol: /^https?$/ }).max(2_000)

/** What each letter has blanks for. The words themselves stand in the message files, below `mail.<name>`. */
export const letterSchema = z.discriminatedUnion('name', [
  /** To somebody who has applied for the beta. */
  z.object({ name: z.literal('betaReceipt'), values: z.object({ name: line }) }),
  /** To the administrators: somebody has applied. */
  z.object({
    name: z.literal('betaNotice'),
    values: z.object({ name: line, email: line, company: line, purpose: text, teamSize: line, link }),
  }),
  /** To the applicant: let in or not, with the administrator's words where there are some. */
  z.object({
    name: z.literal('betaDecision'),
    values: z.object({ name: line, approved: z.boolean(), message: text.nullable(), link }),
  }),
  /** To somebody who is asked into a project. */
  z.object({
    name: z.literal('invitation'),
    values: z.object({ inviter: line, service: line, role: z.enum(['owner', 'maintainer', 'viewer']), link }),
  }),
  /** To somebody whose agent waits for leave to use a tool; of what it wants to do nothing is said. */
  z.object({ name: z.literal('approvalWaiting'), values: z.object({ link }) }),
])
export type Letter = z.infer<typeof letterSchema>
export type LetterName = Letter['name']

/** One mail to be sent: `key` names what it tells, and whatever was sent under a key is never sent again. */
export const letterRequestSchema = z.object({
  key: z.string().min(1).max(300),
  to: z.string().max(1_000),
  /** The receiver's language, where it is known. */
  locale: z.string().max(20).nullable(),
  letter: letterSchema,
})
export type LetterRequest = z.input<typeof letterRequestSchema>

/** How long the rows of the outbox are kept. */
export const outboxDays = 90
/** How many mails the embedded server keeps. */
export const mailboxKeeps = 500

/** How many mails a page of a list has. */
export const mailPage = 50

const mailSummarySchema = z.object({
  id: z.uuid(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  at: z.iso.datetime(),
})
export type MailSummary = z.infer<typeof mailSummarySchema>

export const mailListInput = z.object({
  cursor: z.uuid().optional(),
  to: z
    .string()
    .trim()
    .max(254)
    .refine((part) => !part.includes('\0'))
    .optional(),
})
export const mailListOutput = z.object({ items: z.array(mailSummarySchema), next: z.uuid().nullable() })
export const mailInput = z.object({ id: z.uuid() })
export const mailOutput = mailSummarySchema.extend({ text: z.string(), html: z.string().nullable() })
export type MailDetail = z.infer<typeof mailOutput>

export const mailStatuses = ['QUEUED', 'SENT', 'FAILED'] as const
export type MailStatus = (typeof mailStatuses)[number]

/** A mail that was to be sent, without a word of its content. */
const outboxItemSchema = z.object({
  id: z.uuid(),
  letter: z.string(),
  to: z.string(),
  locale: z.string(),
  status: z.enum(mailStatuses),
  attempts: z.number().int(),
  reason: z.string().nullable(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
})
export type OutboxItem = z.infer<typeof outboxItemSchema>
export const outboxInput = z.object({ cursor: z.uuid().optional(), status: z.enum(mailStatuses).optional() })
export const outboxOutput = z.object({ items: z.array(outboxItemSchema), next: z.uuid().nullable() })
