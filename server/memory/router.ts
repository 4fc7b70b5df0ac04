import { z } from 'zod'
import { betaProcedure, limitedBy } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { agentDocumentsInput, documentInput, documentSchema, passageSchema, searchDocumentsInput } from './schema.ts'
import { listDocuments, removeDocument, searchDocuments } from './service.ts'

const meta = (method: 'GET' | 'DELETE', path: `/${string}`, summary: string) => ({
  openapi: { method, path, summary, tags: ['Documents'], protect: true },
})

export const memoryRouter = router({
  list: betaProcedure
    .meta(meta('GET', '/agents/{agentId}/documents', 'The documents that an agent may look things up in, newest first'))
    .input(agentDocumentsInput)
    .output(z.object({ items: z.array(documentSchema) }))
    .query(async ({ ctx, input }) => ({ items: await listDocuments(ctx.actorId, input.agentId) })),
  remove: betaProcedure
    .meta(meta('DELETE', '/agents/{agentId}/documents/{id}', 'Remove a document from an agent of yours'))
    .input(documentInput)
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await removeDocument(ctx.actorId, input.agentId, input.id)
      return { ok: true }
    }),
  /** What an agent would find for a question. */
  search: betaProcedure
    .meta(meta('GET', '/agents/{agentId}/documents/search', 'The passages of an agent’s documents that fit a question best'))
    .use(limitedBy('search'))
    .input(searchDocumentsInput)
    .output(z.object({ items: z.array(passageSchema) }))
    .query(async ({ ctx, input }) => ({ items: await searchDocuments(ctx.actorId, input.agentId, input.query) })),
})
