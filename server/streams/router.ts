import { readerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { indexInput, indexOutput, readInput, readOutput } from './schema.ts'
import { indexStream, readStream } from './service.ts'

export const streamsRouter = router({
  /** Lines from a number on. */
  read: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}/streams/{streamId}/lines',
        summary: 'Lines of a stream from a number on',
        tags: ['Streams'],
        protect: false,
      },
    })
    .input(readInput)
    .output(readOutput)
    .query(({ ctx, input }) => readStream(ctx.projectId, input)),
  /** Where lines lie, without their content. */
  index: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}/streams/{streamId}/segments',
        summary: 'Where the lines of a stream lie, without their content',
        tags: ['Streams'],
        protect: false,
      },
    })
    .input(indexInput)
    .output(indexOutput)
    .query(({ ctx, input }) => indexStream(ctx.projectId, input)),
})
