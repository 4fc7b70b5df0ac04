import { z } from 'zod'
import { limitedBy, maintainerProcedure, readerProcedure, userProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { buildInput, buildViewSchema, jobSchema, listBuildsInput, listBuildsOutput, startBuildInput, startBuildOutput } from './schema.ts'
import { abortBuild, buildView, jobs, listBuilds, requestBuild, roomInQueue } from './service.ts'

export const buildsRouter = router({
  /** The dashboard's job list. */
  jobs: userProcedure.output(z.array(jobSchema)).query(({ ctx }) => jobs(ctx.actorId)),
  /** The build history, newest first. */
  list: readerProcedure
    .input(listBuildsInput)
    .output(listBuildsOutput)
    .query(({ ctx, input }) => listBuilds(ctx.projectId, input)),
  /** One build's page. */
  get: readerProcedure
    .input(buildInput)
    .output(buildViewSchema)
    .query(({ ctx, input }) => buildView(ctx.projectId, input.number, ctx.role)),
  /** Has the project's crew build once more. */
  start: maintainerProcedure
    .use(limitedBy('build'))
    .input(startBuildInput)
    .output(startBuildOutput)
    .mutation(async ({ ctx, input }) => {
      await roomInQueue(ctx.actorId, input.requestId)
      const cause = `Started by ${ctx.actor.name ?? ctx.actor.email}`
      const { number } = await requestBuild(ctx.projectId, { requestId: input.requestId, kind: 'CREW', cause, createdById: ctx.actorId })
      return { number }
    }),
  /** Ends a build in the queue or at work. */
  abort: maintainerProcedure
    .input(buildInput)
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await abortBuild(ctx.projectId, ctx.actorId, input.number)
      return { ok: true }
    }),
})
