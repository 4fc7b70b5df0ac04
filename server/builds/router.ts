import { z } from 'zod'
import { limitedBy, maintainerProcedure, readerProcedure, userProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import {
  buildInput,
  buildViewSchema,
  jobSchema,
  jobsInput,
  listBuildsInput,
  listBuildsOutput,
  startBuildInput,
  startBuildOutput,
} from './schema.ts'
import { abortBuild, buildView, jobs, kindOfNext, listBuilds, requestBuild, roomInQueue } from './service.ts'

export const buildsRouter = router({
  /** The dashboard's job list: the newest projects, and with words those that have them. */
  jobs: userProcedure
    .meta({ openapi: { method: 'GET', path: '/projects', summary: 'Your projects, each with its latest builds', tags: ['Projects'] } })
    .input(jobsInput)
    .output(z.array(jobSchema))
    .query(({ ctx, input }) => jobs(ctx.actorId, input?.search)),
  /** The build history, newest first. */
  list: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}/builds',
        summary: 'The build history, newest first',
        tags: ['Builds'],
        protect: false,
      },
    })
    .input(listBuildsInput)
    .output(listBuildsOutput)
    .query(({ ctx, input }) => listBuilds(ctx.projectId, input, ctx.role)),
  /** One build's page. */
  get: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}/builds/{number}',
        summary: 'One build with its stages, results and costs',
        tags: ['Builds'],
        protect: false,
      },
    })
    .input(buildInput)
    .output(buildViewSchema)
    .query(({ ctx, input }) => buildView(ctx.projectId, input.number, ctx.role)),
  /** Has the project built once more, by its crew or of its files. */
  start: maintainerProcedure
    .meta({
      openapi: { method: 'POST', path: '/projects/{service}/builds', summary: 'Have the project built once more', tags: ['Builds'] },
    })
    .use(limitedBy('build'))
    .input(startBuildInput)
    .output(startBuildOutput)
    .mutation(async ({ ctx, input }) => {
      await roomInQueue(ctx.actorId, input.requestId)
      const cause = `Started by ${ctx.actor.name ?? ctx.actor.email}`
      const kind = await kindOfNext(ctx.projectId)
      const { number } = await requestBuild(ctx.projectId, { requestId: input.requestId, kind, cause, createdById: ctx.actorId })
      return { number }
    }),
  /** Ends a build in the queue or at work. */
  abort: maintainerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/projects/{service}/builds/{number}/abort',
        summary: 'End a build in the queue or at work',
        tags: ['Builds'],
      },
    })
    .input(buildInput)
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await abortBuild(ctx.projectId, ctx.actorId, input.number)
      return { ok: true }
    }),
})
