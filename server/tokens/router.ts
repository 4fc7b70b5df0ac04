import { z } from 'zod'
import { limitedBy, sessionProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { createTokenInput, createTokenOutput, tokenSchema } from './schema.ts'
import { createToken, listTokens, revokeToken } from './service.ts'

const tags = ['Account']

export const tokensRouter = router({
  list: sessionProcedure
    .meta({ openapi: { method: 'GET', path: '/account/tokens', summary: 'Your API tokens', tags, protect: true } })
    .output(z.object({ items: z.array(tokenSchema) }))
    .query(async ({ ctx }) => ({ items: await listTokens(ctx.actorId) })),
  create: sessionProcedure
    .meta({
      openapi: { method: 'POST', path: '/account/tokens', summary: 'Make an API token; its secret is shown once', tags, protect: true },
    })
    .use(limitedBy('account'))
    .input(createTokenInput)
    .output(createTokenOutput)
    .mutation(({ ctx, input }) => createToken(ctx.act, ctx.actor, input)),
  revoke: sessionProcedure
    .meta({ openapi: { method: 'DELETE', path: '/account/tokens/{id}', summary: 'End an API token', tags, protect: true } })
    .use(limitedBy('account'))
    .input(z.object({ id: z.uuid() }))
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await revokeToken(ctx.act, ctx.actorId, input.id)
      return { ok: true }
    }),
})
