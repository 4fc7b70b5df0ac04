import { adminProcedure, limitedBy, userProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { applicationInput, applicationSchema, applyInput, decideInput, decideOutput, listInput, listOutput, mineSchema } from './schema.ts'
import { applicationOf, apply, decide, listApplications, standingOf } from './service.ts'

const rest = (method: 'GET' | 'POST', path: `/beta/${string}`, summary: string) => ({
  openapi: { method, path, summary, tags: ['Beta'], protect: true },
})

export const betaRouter = router({
  // Not `apply`: every function has one of that name, so the router refuses it.
  submit: userProcedure
    .meta(rest('POST', '/beta/apply', 'Apply for a place in the beta'))
    .input(applyInput)
    // After the input: whoever is told to mend a field has not applied yet.
    .use(limitedBy('apply'))
    .output(mineSchema)
    .mutation(({ ctx, input }) => apply(ctx.actor, input, ctx.requestId)),
  mine: userProcedure
    .meta(rest('GET', '/beta/mine', 'Where your own application stands'))
    .output(mineSchema)
    .query(({ ctx }) => standingOf(ctx.actor)),
  list: adminProcedure
    .meta(rest('GET', '/beta/applications', 'Applications for the beta'))
    .input(listInput)
    .output(listOutput)
    .query(({ input }) => listApplications(input)),
  get: adminProcedure
    .meta(rest('GET', '/beta/applications/{id}', 'One application'))
    .input(applicationInput)
    .output(applicationSchema)
    .query(({ input }) => applicationOf(input.id)),
  decide: adminProcedure
    .meta(rest('POST', '/beta/decisions', 'Approve or reject applications'))
    .input(decideInput)
    .output(decideOutput)
    .mutation(({ ctx, input }) => decide(ctx.act, input)),
})
