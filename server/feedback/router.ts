import { allowed } from '@/server/core/gates.ts'
import { adminProcedure, limitedBy, publicProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import * as schema from './schema.ts'
import { feedbackCounts, giveFeedback, listFeedback, screenshotOf, settleFeedback } from './service.ts'

const tags = ['Feedback']

export const feedbackRouter = router({
  /** Tells the administrators something; anybody may, with words. */
  send: publicProcedure
    .meta({ openapi: { method: 'POST', path: '/feedback', summary: 'Tell the administrators something', tags, protect: false } })
    .use(limitedBy('feedback'))
    .input(schema.feedbackInput)
    .output(schema.feedbackOutput)
    .mutation(({ ctx, input }) => {
      // A picture needs somebody whom we know and who may write; words need nobody.
      const actor = input.screenshot ? allowed(ctx.caller, 'write') : ctx.caller.actor
      return giveFeedback(actor, input, ctx.userAgent)
    }),
  /** What people told us, newest first. */
  list: adminProcedure
    .meta({ openapi: { method: 'GET', path: '/feedback', summary: 'What people told the administrators', tags, protect: true } })
    .input(schema.feedbackListInput)
    .output(schema.feedbackListOutput)
    .query(({ input }) => listFeedback(input)),
  counts: adminProcedure
    .meta({ openapi: { method: 'GET', path: '/feedback/counts', summary: 'How much feedback is open and done', tags, protect: true } })
    .output(schema.feedbackCountsOutput)
    .query(() => feedbackCounts()),
  /** Marks entries as done with. */
  settle: adminProcedure
    .meta({ openapi: { method: 'POST', path: '/feedback/settle', summary: 'Settle feedback', tags, protect: true } })
    .input(schema.settleInput)
    .output(schema.settleOutput)
    .mutation(({ ctx, input }) => settleFeedback(ctx.act, input.ids)),
  /** The picture of one entry. */
  screenshot: adminProcedure
    .meta({ openapi: { method: 'GET', path: '/feedback/{id}/screenshot', summary: 'The picture of one entry', tags, protect: true } })
    .input(schema.screenshotInput)
    .output(schema.screenshotOutput)
    .query(async ({ input }) => {
      const { mediaType, bytes } = await screenshotOf(input.id)
      return { mediaType, base64: bytes.toString('base64') }
    }),
})
