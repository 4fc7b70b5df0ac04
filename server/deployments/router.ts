import { maintainerProcedure, readerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { serviceViewSchema } from './schema.ts'
import { serviceView, startService, stopService } from './service.ts'

export const deploymentsRouter = router({
  service: readerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/projects/{service}/service',
        summary: 'The running service and its deployments',
        tags: ['Services'],
        protect: false,
      },
    })
    .output(serviceViewSchema)
    .query(({ ctx }) => serviceView(ctx.projectId)),
  stop: maintainerProcedure
    .meta({ openapi: { method: 'POST', path: '/projects/{service}/service/stop', summary: 'Stop the service', tags: ['Services'] } })
    .output(serviceViewSchema)
    .mutation(async ({ ctx }) => {
      await stopService(ctx.projectId)
      return serviceView(ctx.projectId)
    }),
  start: maintainerProcedure
    .meta({ openapi: { method: 'POST', path: '/projects/{service}/service/start', summary: 'Start the service', tags: ['Services'] } })
    .output(serviceViewSchema)
    .mutation(async ({ ctx }) => {
      await startService(ctx.projectId)
      return serviceView(ctx.projectId)
    }),
})
