import { z } from 'zod'
import { betaProcedure, limitedBy, ownerProcedure, readerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { projectSchema } from './schema.ts'
import { getProject, renameProject, setPublicRead, suggestName } from './service.ts'

export const projectsRouter = router({
  get: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}',
        summary: 'One project and the issue it came from',
        tags: ['Projects'],
        protect: false,
      },
    })
    .output(projectSchema)
    .query(({ ctx }) => getProject(ctx.projectId, ctx.role)),
  suggestName: betaProcedure
    .meta({ openapi: { method: 'GET', path: '/project-names', summary: 'A free name for a service, made of a title', tags: ['Projects'] } })
    .use(limitedBy('suggest'))
    .input(z.object({ title: z.string().max(1000), name: z.string().max(200).optional() }))
    .output(z.object({ name: z.string(), free: z.boolean(), reason: z.string().nullable() }))
    .query(({ input }) => suggestName(input)),
  rename: ownerProcedure
    .meta({ openapi: { method: 'PATCH', path: '/projects/{service}', summary: 'Rename the service', tags: ['Projects'] } })
    .input(z.object({ name: z.string().max(200) }))
    .output(z.object({ service: z.string() }))
    .mutation(({ ctx, input }) => renameProject(ctx.act, ctx.projectId, input.name)),
  setPublicRead: ownerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/projects/{service}/visibility',
        summary: 'Let everybody read the build pages, or members alone',
        tags: ['Projects'],
      },
    })
    .input(z.object({ publicRead: z.boolean() }))
    .output(z.object({ publicRead: z.boolean() }))
    .mutation(({ ctx, input }) => setPublicRead(ctx.act, ctx.projectId, input.publicRead)),
})
