import { adminProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { auditPageInput, auditPageSchema } from './schema.ts'
import { listEntries } from './service.ts'

export const auditRouter = router({
  list: adminProcedure
    .meta({
      openapi: { method: 'GET', path: '/admin/audit', summary: 'What was done, newest first', tags: ['administration'], protect: true },
    })
    .input(auditPageInput)
    .output(auditPageSchema)
    .query(({ input }) => listEntries(input)),
})
