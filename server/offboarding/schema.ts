import { z } from 'zod'

/** Event names of this domain; the data is `{projectId}` in the envelope of `core/inngest.ts`. */
export const offboardingEvents = { givenUp: 'project.given-up' } as const

export const deleteProjectInput = z.object({
  service: z.string().min(1).max(64),
  /** The service's name once more, typed by a person. */
  confirm: z.string().max(200),
})

/** Somebody who could own a project from now on. */
export const heirSchema = z.object({
  userId: z.uuid(),
  name: z.string().nullable(),
  email: z.string(),
  role: z.enum(['OWNER', 'MAINTAINER', 'VIEWER']),
})

export const deletionPreviewSchema = z.object({
  /** What has to be typed. */
  email: z.string(),
  /** The last administrator cannot go. */
  lastAdministrator: z.boolean(),
  /** Projects that nobody else owns; for each it has to be said what becomes of it. */
  projects: z.array(z.object({ service: z.string(), title: z.string(), heirs: z.array(heirSchema) })),
  /** Projects that go on without the person. */
  left: z.array(z.object({ service: z.string(), title: z.string() })),
})
export type DeletionPreview = z.infer<typeof deletionPreviewSchema>

const answerSchema = z.discriminatedUnion('action', [
  z.object({ service: z.string().max(64), action: z.literal('delete') }),
  z.object({ service: z.string().max(64), action: z.literal('transfer'), to: z.uuid() }),
])
/** What becomes of one project when its only owner goes. */
export type Answer = z.infer<typeof answerSchema>

export const deleteAccountInput = z.object({
  /** The person's own e-mail address. */
  confirm: z.string().max(320),
  projects: z
    .array(answerSchema)
    .max(10_000)
    .refine((answers) => new Set(answers.map(({ service }) => service)).size === answers.length, 'Name each project once.'),
})
export type DeleteAccountInput = z.infer<typeof deleteAccountInput>
