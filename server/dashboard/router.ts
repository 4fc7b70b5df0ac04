import { betaProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { statsSchema } from './schema.ts'
import { statsOf } from './service.ts'

export const dashboardRouter = router({
  stats: betaProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/dashboard/stats',
        summary: 'Your agents and their runs in figures',
        tags: ['Agents'],
        protect: true,
      },
    })
    .output(statsSchema)
    .query(({ ctx }) => statsOf(ctx.actorId)),
})
