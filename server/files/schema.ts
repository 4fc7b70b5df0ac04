import { z } from 'zod'

/** Bounds of a session's files. A tool reads and writes text of this size; the editor, too. */
export const fileLimits = {
  textBytes: 1024 * 1024,
  files: 5_000,
  pathLength: 300,
  depth: 20,
  treeEntries: 5_000,
  uploadBytes: 20 * 1024 * 1024,
} as const

export const fileEntrySchema = z.object({
  path: z.string(),
  kind: z.enum(['file', 'folder', 'link']),
  bytes: z.number().int(),
  changedAt: z.iso.datetime(),
})
export type FileEntry = z.infer<typeof fileEntrySchema>
export const filesInput = z.object({ sessionId: z.uuid() })
/** `cut` says that there are more than are listed. */
export const treeOutput = z.object({ entries: z.array(fileEntrySchema), cut: z.boolean(), bytes: z.number() })
export const fileInput = filesInput.extend({ path: z.string().min(1).max(fileLimits.pathLength) })
/** `text` is null for what is no text or is too large; `hash` is what a writer names so as not to write over somebody else's change. */
export const fileOutput = z.object({
  path: z.string(),
  bytes: z.number().int(),
  text: z.string().nullable(),
  hash: z.string(),
  mediaType: z.string(),
})
export const writeFileInput = fileInput.extend({
  text: z.string().max(fileLimits.textBytes),
  /** Null: it must not exist yet. */ hash: z.string().nullable(),
})
export const writtenOutput = z.object({ hash: z.string(), created: z.boolean() })
/** A folder goes with all that is in it. */
export const deleteFileInput = fileInput
export const moveFileInput = fileInput.extend({ to: z.string().min(1).max(fileLimits.pathLength) })
/** What agents changed: since the conversation began, or with one message. */
export const diffInput = filesInput.extend({ messageId: z.uuid().optional() })
export const diffOutput = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['added', 'changed', 'deleted']),
      added: z.number().int(),
      removed: z.number().int(),
      /** Unified; null for what is no text. */ diff: z.string().nullable(),
    }),
  ),
  cut: z.boolean(),
})
