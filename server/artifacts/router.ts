import { z } from 'zod'
import { readerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { artifactListInput, artifactSchema, artifactTextInput, artifactTextOutput } from './schema.ts'
import { artifactText, buildIdOf, listArtifacts } from './service.ts'

export const artifactsRouter = router({
  /** What a build has handed over. */
  list: readerProcedure
    .input(artifactListInput)
    .output(z.array(artifactSchema))
    .query(async ({ ctx, input }) => listArtifacts(ctx.projectId, await buildIdOf(ctx.projectId, input.number))),
  /** The beginning of one as text. */
  text: readerProcedure
    .input(artifactTextInput)
    .output(artifactTextOutput)
    .query(({ ctx, input }) => artifactText(ctx.projectId, input.number, input.name)),
})
