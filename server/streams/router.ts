import { readerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { indexInput, indexOutput, readInput, readOutput } from './schema.ts'
import { indexStream, readStream } from './service.ts'

export const streamsRouter = router({
  /** Lines from a number on. */
  read: readerProcedure
    .input(readInput)
    .output(readOutput)
    .query(({ ctx, input }) => readStream(ctx.projectId, input)),
  /** Where lines lie, without their content. */
  index: readerProcedure
    .input(indexInput)
    .output(indexOutput)
    .query(({ ctx, input }) => indexStream(ctx.projectId, input)),
})
