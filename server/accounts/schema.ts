import { z } from 'zod'

/** The signed-in person, as the interface shows them. */
export const meSchema = z.object({
  email: z.string(),
  name: z.string().nullable(),
  image: z.string().nullable(),
  admin: z.boolean(),
  /** Let into the beta. */
  approved: z.boolean(),
  onboarded: z.boolean(),
  locale: z.string().nullable(),
  theme: z.string().nullable(),
})
export type Me = z.infer<typeof meSchema>

/** How this installation lets people in: Google, the stand-in on loopback, or not at all yet. */
export const signInSchema = z.object({
  mode: z.enum(['google', 'stand-in', 'missing']),
  /** Names of the environment variables that are missing. */
  missing: z.array(z.string()),
  /** Mail domains whose people may come in; none named means everybody. */
  domains: z.array(z.string()),
})

export const displayNameMax = 100
/** Characters that nobody sees, but that turn what stands around them about. */
const deceptive = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u
/** Letters and symbols whose picture is empty. */
const blank = /[\u115f\u1160\u2800\u3164\uffa0]/g

/** What is wrong with a name somebody wants to be called by, or null; an empty one stands for Google's. */
export function displayNameProblem(name: string): 'tooLong' | 'hidden' | null {
  if (Array.from(name).length > displayNameMax) return 'tooLong'
  if (deceptive.test(name)) return 'hidden'
  return name && !/[\p{L}\p{N}\p{P}\p{S}]/u.test(name.replace(blank, '')) ? 'hidden' : null
}

const problemWords = {
  tooLong: `A name may have ${displayNameMax} characters.`,
  hidden: 'A name cannot have invisible characters that change how text reads.',
} as const

/** The name a person wants to be called by; null stands for Google's. */
export const displayNameSchema = z
  .string()
  .transform((name) => name.normalize('NFC').trim())
  .superRefine((name, context) => {
    const problem = displayNameProblem(name)
    if (problem) context.addIssue(problemWords[problem])
  })
  .transform((name) => name || null)

/** Null is the browser's language. */
export const localeChoiceSchema = z.enum(['en', 'ko']).nullable()
/** Null is never chosen, which looks as `system` does. */
export const themeChoiceSchema = z.enum(['light', 'dark', 'system']).nullable()

/** What a person may change of their profile; what is left out stays. */
export const profileInput = z.object({
  displayName: displayNameSchema.optional(),
  locale: localeChoiceSchema.optional(),
  theme: themeChoiceSchema.optional(),
})

export const profileSchema = z.object({
  email: z.string(),
  /** As Google knows the person. */
  googleName: z.string().nullable(),
  displayName: z.string().nullable(),
  image: z.string().nullable(),
  locale: localeChoiceSchema,
  theme: themeChoiceSchema,
  createdAt: z.iso.datetime(),
  lastLoginAt: z.iso.datetime().nullable(),
})
export type Profile = z.infer<typeof profileSchema>

export const sessionsPage = 50

/** A browser in which a person is signed in. */
export const sessionSchema = z.object({
  id: z.uuid(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
  /** As far as its user agent tells: `Chrome 126`, `Windows 10`. */
  browser: z.string().nullable(),
  system: z.string().nullable(),
  device: z.enum(['desktop', 'mobile', 'tablet']).nullable(),
  address: z.string().nullable(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
})
export type SessionView = z.infer<typeof sessionSchema>

export const sessionsInput = z.object({ cursor: z.uuid().optional() })
export const sessionsOutput = z.object({ items: z.array(sessionSchema), next: z.uuid().nullable() })
