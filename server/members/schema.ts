import { z } from 'zod'

/** What a member may do, from least to most. */
export const memberRoles = ['VIEWER', 'MAINTAINER', 'OWNER'] as const
export const memberRoleSchema = z.enum(memberRoles)
export type MemberRole = z.infer<typeof memberRoleSchema>

/** How long an invitation may be accepted, and how many a project may have open. */
export const invitationLimits = { validMs: 7 * 24 * 3_600_000, openMax: 50 } as const

const emailMax = 254
/** What mail can be sent to at all. */
const mailable = z.email()

/** Why something cannot be the address of an invitation; the interface has words for each. */
export type EmailProblem = 'missing' | 'shape' | 'letters'

/**
 * What is wrong with an address that somebody typed, or null. Letters beyond ASCII, also as punycode, look like others without being them:
 * an invitation to `аdmin@…` would reach a stranger.
 */
export function emailProblem(typed: string): EmailProblem | null {
  const text = typed.trim()
  if (text === '') return 'missing'
  // Asked before anything is made lower-case: the Kelvin sign would become a k.
  if (/[^\p{ASCII}]/u.test(text)) return 'letters'
  const at = text.lastIndexOf('@')
  if (text.length > emailMax || at > 64 || !mailable.safeParse(text).success) return 'shape'
  const domain = text.slice(at + 1).toLowerCase()
  return domain.split('.').some((label) => label.startsWith('xn--')) ? 'letters' : null
}

const emailWords: Record<EmailProblem, string> = {
  missing: 'The e-mail address is missing.',
  shape: 'This is no e-mail address.',
  letters: 'Only addresses of plain Latin letters, digits and signs can be invited: others can be mistaken for one another.',
}

/** An address to be invited, as it is stored: trimmed and in lower case. */
export const inviteEmailSchema = z
  .string()
  .max(1_000)
  .superRefine((text, context) => {
    const problem = emailProblem(text)
    if (problem) context.addIssue(emailWords[problem])
  })
  .transform((text) => text.trim().toLowerCase())

export const memberSchema = z.object({
  userId: z.uuid(),
  name: z.string().nullable(),
  email: z.string(),
  image: z.string().nullable(),
  role: memberRoleSchema,
  since: z.iso.datetime(),
  /** Whether this is who asks. */
  you: z.boolean(),
})
export type Member = z.infer<typeof memberSchema>

const page = { cursor: z.uuid().optional(), limit: z.number().int().min(1).max(100).default(50) }
export const listMembersInput = z.object({ service: z.string(), ...page })
export const memberPageSchema = z.object({ items: z.array(memberSchema), next: z.uuid().nullable() })

export const invitationSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  role: memberRoleSchema,
  invitedBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  expired: z.boolean(),
})
export type Invitation = z.infer<typeof invitationSchema>
export const invitationPageSchema = z.object({ items: z.array(invitationSchema), next: z.uuid().nullable() })

export const inviteInput = z.object({
  service: z.string(),
  email: inviteEmailSchema,
  role: memberRoleSchema,
  /** The language the inviter reads, for people who have no account yet. */
  locale: z.enum(['en', 'ko']).optional(),
})
export const invitationInput = z.object({ service: z.string(), id: z.uuid() })
export const memberInput = z.object({ service: z.string(), userId: z.uuid() })
export const changeRoleInput = memberInput.extend({ role: memberRoleSchema })

/** What a mail's link carries; anything else need not be looked up. */
export const invitationSecretSchema = z.string().max(200)
export const secretInput = z.object({ secret: invitationSecretSchema })

const offer = { inviter: z.string().nullable(), service: z.string(), title: z.string(), role: memberRoleSchema }
/**
 * What somebody who followed an invitation's link is told. Before they are signed in: who invites to what. Signed in as somebody else: which
 * account is asked for, with most of its address hidden, and nothing more.
 */
export const invitationViewSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unknown') }),
  z.object({ state: z.literal('expired') }),
  z.object({ state: z.literal('used') }),
  z.object({ state: z.literal('sign-in'), ...offer, email: z.string() }),
  z.object({ state: z.literal('other-account'), email: z.string(), yours: z.string() }),
  z.object({ state: z.literal('open'), ...offer, email: z.string(), expiresAt: z.iso.datetime() }),
  z.object({ state: z.literal('member'), service: z.string() }),
])
export type InvitationView = z.infer<typeof invitationViewSchema>

/** Event names of this domain; the data is `{projectId, invitationId}` in the envelope of `core/inngest.ts`. */
export const memberEvents = { invited: 'member.invited' } as const
