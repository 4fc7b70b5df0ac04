import { z } from 'zod'

/** What the navigation of the administration has to know. */
export const sectionsSchema = z.object({
  /** Applications for the beta that nobody has decided about. */
  openApplications: z.number().int(),
  /** Whether mails stay on this server, where they can be read. */
  mail: z.boolean(),
})

export const userIdInput = z.object({ id: z.uuid() })
export const doneSchema = z.object({ ok: z.literal(true) })
