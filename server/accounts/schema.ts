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
})
