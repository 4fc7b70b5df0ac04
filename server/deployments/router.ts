import { maintainerProcedure, readerProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { serviceViewSchema } from './schema.ts'
import { serviceView, startService, stopService } from './service.ts'

export const deploymentsRouter = router({
  service: readerProcedure.output(serviceViewSchema).query(({ ctx }) => serviceView(ctx.projectId)),
  stop: maintainerProcedure.output(serviceViewSchema).mutation(async ({ ctx }) => {
    await stopService(ctx.projectId)
    return serviceView(ctx.projectId)
  }),
  start: maintainerProcedure.output(serviceViewSchema).mutation(async ({ ctx }) => {
    await startService(ctx.projectId)
    return serviceView(ctx.projectId)
  }),
})
