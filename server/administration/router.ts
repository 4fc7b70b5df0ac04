import { adminProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { doneSchema, sectionsSchema, userIdInput } from './schema.ts'
import { approve, sections } from './service.ts'

const rest = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: `/${string}`, summary: string) => ({
  openapi: { method, path: `/admin${path}` as const, summary, tags: ['administration'], protect: true },
})
const done = { ok: true } as const

export const administrationRouter = router({
  sections: adminProcedure
    .meta(rest('GET', '/sections', 'What waits for an administrator'))
    .output(sectionsSchema)
    .query(() => sections()),
  approve: adminProcedure
    .meta(rest('PUT', '/users/{id}/approval', 'Let a person into the beta'))
    .input(userIdInput)
    .output(doneSchema)
    .mutation(async ({ ctx, input }) => {
      await approve(ctx.act, input.id)
      return done
    }),
})
