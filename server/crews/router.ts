import { betaProcedure, limitedBy } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { createProjectInput, createProjectOutput } from '@/server/projects/schema.ts'
import { createFromIssue } from './service.ts'

/** Stands under `projects` for callers: making a project of an issue also starts the crew. */
export const crewsRouter = router({
  create: betaProcedure
    .meta({
      openapi: { method: 'POST', path: '/projects', summary: 'Make a project of an issue and have the crew build it', tags: ['Projects'] },
    })
    .use(limitedBy('create'))
    .input(createProjectInput)
    .output(createProjectOutput)
    .mutation(({ ctx, input }) => createFromIssue(ctx.actorId, input)),
})
