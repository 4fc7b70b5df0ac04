import { z } from 'zod'
import { readerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { artifactListInput, artifactSchema, artifactTextInput, artifactTextOutput } from './schema.ts'
import { artifactText, buildIdOf, listArtifacts } from './service.ts'

export const artifactsRouter = router({
  /** What a build has handed over. */
  list: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}/builds/{number}/artifacts',
        summary: 'What a build has handed over',
        tags: ['Artifacts'],
        protect: false,
      },
    })
    .input(artifactListInput)
    .output(z.array(artifactSchema))
    .query(async ({ ctx, input }) => listArtifacts(ctx.projectId, await buildIdOf(ctx.projectId, input.number))),
  /** The beginning of one as text. */
  text: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}/builds/{number}/artifact-text',
        summary: 'The beginning of an artifact as text',
        tags: ['Artifacts'],
        protect: false,
      },
    })
    .input(artifactTextInput)
    .output(artifactTextOutput)
    .query(({ ctx, input }) => artifactText(ctx.projectId, input.number, input.name)),
})
