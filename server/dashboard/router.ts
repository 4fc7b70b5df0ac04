import { betaProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { agentDaysInput, agentDaysOutput, statsSchema } from './schema.ts'
import { agentDaysOf, statsOf } from './service.ts'

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
  agentDays: betaProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/dashboard/agents/{agentId}/days',
        summary: 'The runs of an agent by day',
        tags: ['Agents'],
        protect: true,
      },
    })
    .input(agentDaysInput)
    .output(agentDaysOutput)
    .query(async ({ ctx, input }) => ({ days: await agentDaysOf(ctx.actorId, input.agentId) })),
})
