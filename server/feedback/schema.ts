import { z } from 'zod'

export const feedbackLimits = {
  text: 4_000,
  page: 300,
  screenshotBytes: 2 * 1024 * 1024,
  /** How much may be settled at once. */
  settle: 100,
  /** How long settled feedback is kept, from the day it came. */
  keptDays: 365,
} as const

/** What a browser may hand over as a picture, by what its bytes begin with. */
export const screenshotTypes = ['image/png', 'image/jpeg', 'image/webp'] as const
export type ScreenshotType = (typeof screenshotTypes)[number]

/** Base64 of the largest picture and a bit more: what is far too long is not even read. */
const maxEncoded = Math.ceil((feedbackLimits.screenshotBytes * 1.1) / 3) * 4

const storable = (text: string) => text.replaceAll('\0', '').replace(/[\ud800-\udfff]/gu, '\ufffd')

/** The words alone, for the form. */
export const feedbackTextSchema = z.string().transform(storable).pipe(z.string().trim().min(1).max(feedbackLimits.text))

/** A secret by its looks, as it stands in an invitation's address. */
const secret = /[a-z]+_[\w-]{43}/g

/** A path of ours: what stands behind "?" and "#" may be somebody's secret and is not kept, nor is one in the path itself. */
export const feedbackPageSchema = z
  .string()
  .max(4_000)
  .transform((page) =>
    storable(page)
      .replace(/[?#].*$/s, '')
      .replace(secret, '…')
      .slice(0, feedbackLimits.page),
  )
  .pipe(z.string().regex(/^\/(?!\/)/))

export const feedbackInput = z.object({
  /** The same request again adds nothing. */
  requestId: z.uuid(),
  text: feedbackTextSchema,
  page: feedbackPageSchema,
  /** A picture in base64; only of people who are signed in. */
  screenshot: z.string().max(maxEncoded).nullish(),
})
export type FeedbackInput = z.input<typeof feedbackInput>
export const feedbackOutput = z.object({ id: z.uuid() })

export const feedbackStatuses = ['OPEN', 'DONE'] as const
export const feedbackStatusSchema = z.enum(feedbackStatuses)
export type FeedbackStatus = (typeof feedbackStatuses)[number]

/** How many entries a page of the list has. */
export const feedbackPageSize = 30

const feedbackItemSchema = z.object({
  id: z.uuid(),
  text: z.string(),
  page: z.string(),
  email: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** What kind of picture there is, if any. */
  screenshot: z.enum(screenshotTypes).nullable(),
  status: feedbackStatusSchema,
  createdAt: z.iso.datetime(),
})
export type FeedbackItem = z.infer<typeof feedbackItemSchema>

export const feedbackListInput = z.object({ status: feedbackStatusSchema.optional(), cursor: z.uuid().optional() })
export const feedbackListOutput = z.object({ items: z.array(feedbackItemSchema), next: z.uuid().nullable() })
export const feedbackCountsOutput = z.object({ open: z.number().int(), done: z.number().int() })
export const settleInput = z.object({ ids: z.array(z.uuid()).min(1).max(feedbackLimits.settle) })
export const settleOutput = z.object({ settled: z.number().int() })
export const screenshotInput = z.object({ id: z.uuid() })
export const screenshotOutput = z.object({ mediaType: z.enum(screenshotTypes), base64: z.string() })
