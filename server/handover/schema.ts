import { z } from 'zod'
import { issueLimits } from '@/server/projects/schema.ts'

/** The files of a conversation that become a project; `requestId` makes a repeated submit one project only. */
export const saveProjectInput = z.object({
  sessionId: z.uuid(),
  requestId: z.uuid(),
  title: z.string().trim().min(1).max(issueLimits.titleMax),
  /** Derived from the title where it is not given. */
  name: z.string().max(200).optional(),
  /** Whether what was handed in with messages goes along: the folder `uploads`. */
  uploads: z.boolean().default(false),
})
export const saveProjectOutput = z.object({ service: z.string(), build: z.number().int() })

/** What would become a project: how many files, how many of the handed in ones could go along, and how many no model may see. */
export const lookInput = z.object({ sessionId: z.uuid() })
export const lookOutput = z.object({
  /** The conversation's title, as a suggestion. */
  title: z.string().nullable(),
  files: z.number().int(),
  bytes: z.number(),
  uploads: z.object({ files: z.number().int(), bytes: z.number() }),
  left: z.number().int(),
})

/** Where files lie that came with messages: they are for the conversation, and may be nobody else's business. */
export const uploadsFolder = 'uploads'

/** The artifact that holds a project's files. */
export const sourceName = 'source.tar.gz'
