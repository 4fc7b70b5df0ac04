import { z } from 'zod'

export const documentLimits = {
  bytes: 20 * 1024 * 1024,
  perAgent: 200,
  /** Of all agents of a person together. */
  personBytes: 1024 ** 3,
  chunkCharacters: 1_600,
  results: 8,
  leastShare: 0.27,
} as const
export const memoryEvents = { added: 'memory.document_added' } as const

export const documentSchema = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  state: z.enum(['reading', 'ready', 'failed']),
  reason: z.string().nullable(),
  chunks: z.number().int(),
  createdAt: z.iso.datetime(),
})
export type MemoryDocument = z.infer<typeof documentSchema>
export const agentDocumentsInput = z.object({ agentId: z.uuid() })
export const documentInput = agentDocumentsInput.extend({ id: z.uuid() })
export const searchDocumentsInput = agentDocumentsInput.extend({ query: z.string().trim().min(1).max(500) })
export const passageSchema = z.object({
  documentId: z.string(),
  name: z.string(),
  ordinal: z.number().int(),
  page: z.number().int().nullable(),
  text: z.string(),
  rank: z.number(),
})
export type Passage = z.infer<typeof passageSchema>
