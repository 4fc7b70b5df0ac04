import { z } from 'zod'

/** What a token may be used for; it names each right, none contains another. */
export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** After how many days a token ends; null is never. */
export const lifetimes = [7, 30, 90, 365] as const

export const tokenLimits = { nameMax: 60, perPerson: 50, keptAfterExpiryDays: 90 } as const

const lifetimeSchema = z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]).nullable()

export const createTokenInput = z.object({
  /** By which its owner tells it from others. */
  name: z
    .string()
    .trim()
    .min(1, 'A token needs a name.')
    .max(tokenLimits.nameMax, `A name may have ${tokenLimits.nameMax} characters.`)
    .regex(/^[^\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]*$/u, 'A name cannot have invisible characters.'),
  scopes: z
    .array(z.enum(scopes))
    .min(1, 'Choose at least one thing the token may do.')
    .max(scopes.length)
    .refine((given) => new Set(given).size === given.length, 'Name each scope once.'),
  /** Days until it ends, or null for never. */
  days: lifetimeSchema,
})

export const tokenSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** How the token begins. */
  prefix: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  expired: z.boolean(),
  lastUsedAt: z.iso.datetime().nullable(),
})
export type TokenView = z.infer<typeof tokenSchema>

/** The secret is in this answer and nowhere else, ever. */
export const createTokenOutput = z.object({ token: tokenSchema, secret: z.string() })
