import { publicProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { meSchema, signInSchema } from './schema.ts'
import { signInState } from './service.ts'

export const accountsRouter = router({
  me: publicProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/me',
        summary: 'The person who asks, or null for somebody who is not signed in',
        tags: ['Account'],
        protect: false,
      },
    })
    .output(meSchema.nullable())
    .query(({ ctx }) => {
      if (!ctx.caller.actor) return null
      const { email, name, image, admin, approved, onboarded, locale, theme } = ctx.caller.actor
      return { email, name, image, admin, approved, onboarded, locale, theme }
    }),
  signIn: publicProcedure
    .meta({
      openapi: { method: 'GET', path: '/sign-in', summary: 'How this installation signs people in', tags: ['Account'], protect: false },
    })
    .output(signInSchema)
    .query(() => signInState()),
})
