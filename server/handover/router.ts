import { betaProcedure, limitedBy } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { lookInput, lookOutput, saveProjectInput, saveProjectOutput } from './schema.ts'
import { look, saveAsProject } from './service.ts'

/** The way from a conversation's files to a project. */
export const handoverRouter = router({
  /** What would become a project. */
  look: betaProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/chats/{sessionId}/project',
        summary: 'See what of a conversation’s files would become a project',
        tags: ['Workspace'],
        protect: true,
      },
    })
    .input(lookInput)
    .output(lookOutput)
    .query(({ ctx, input }) => look(ctx.actorId, input.sessionId)),
  /** Makes a project of a conversation's files, whose first build begins at once. */
  save: betaProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/chats/{sessionId}/project',
        summary: 'Make a project of a conversation’s files',
        tags: ['Workspace'],
        protect: true,
      },
    })
    .use(limitedBy('create'))
    .input(saveProjectInput)
    .output(saveProjectOutput)
    .mutation(({ ctx, input }) => saveAsProject(ctx.actorId, input)),
})
