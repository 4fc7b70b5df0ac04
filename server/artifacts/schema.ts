import { z } from 'zod'

export const artifactSchema = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  /** Bytes. */
  size: z.number().int(),
  sha256: z.string(),
  stageKey: z.string().nullable(),
  createdAt: z.iso.datetime(),
})
export type ArtifactMeta = z.infer<typeof artifactSchema>

/** A name is a relative path of plain segments: it stands in addresses and in downloads. */
export const artifactNameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\p{L}\p{N}_@+-][\p{L}\p{N}._@+ -]*(\/[\p{L}\p{N}_@+-][\p{L}\p{N}._@+ -]*)*$/u, 'a relative path of plain names')
export const mediaTypeSchema = z.string().regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+(; ?charset=[a-z0-9-]+)?$/i)

export const artifactLimits = { bytes: 64 * 1024 * 1024, previewBytes: 256 * 1024 } as const

export const artifactListInput = z.object({ service: z.string(), number: z.int32().min(1) })
export const artifactTextInput = artifactListInput.extend({ name: artifactNameSchema })
export const artifactTextOutput = z.object({
  meta: artifactSchema,
  /** Null for what is no text, and for what cannot be opened. */
  text: z.string().nullable(),
  /** True where the bytes are gone, damaged, or sealed with a key that nobody has any more. */
  unreadable: z.boolean(),
  /** True where only the beginning is given. */
  cut: z.boolean(),
})
