import { z } from 'zod'
import { limitedBy, ownerProcedure, sessionProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { deleteAccountInput, deleteProjectInput, deletionPreviewSchema } from './schema.ts'
import { deleteAccount, deleteProject, previewDeletion } from './service.ts'

const done = z.object({ ok: z.literal(true) })

/** The end of a project, beside the procedures of its life. */
export const projectEndRouter = router({
  remove: ownerProcedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/projects/{service}',
        summary: 'Delete a project with all that belongs to it; its name has to be given once more',
        tags: ['Projects'],
        protect: true,
      },
    })
    .input(deleteProjectInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await deleteProject(ctx.act, ctx.projectId, input.confirm)
      return { ok: true }
    }),
})

export const offboardingRouter = router({
  preview: sessionProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/account/deletion',
        summary: 'What has to be decided before your account can be deleted',
        tags: ['Account'],
        protect: true,
      },
    })
    .output(deletionPreviewSchema)
    .query(({ ctx }) => previewDeletion(ctx.actor)),
  deleteAccount: sessionProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/account/deletion',
        summary: 'Delete your account and, where you say so, your projects',
        tags: ['Account'],
        protect: true,
      },
    })
    .use(limitedBy('account'))
    .input(deleteAccountInput)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await deleteAccount(ctx.act, ctx.actor, input)
      return { ok: true }
    }),
})
