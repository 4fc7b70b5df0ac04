import { publicProcedure } from '@/server/core/procedures.ts'
import { router } from '@/server/core/trpc.ts'
import { meSchema, signInSchema } from './schema.ts'
import { signInState } from './service.ts'

export const accountsRouter = router({
  me: publicProcedure.output(meSchema.nullable()).query(({ ctx }) => {
    if (!ctx.caller.actor) return null
    const { email, name, image, admin, approved, onboarded, locale, theme } = ctx.caller.actor
    return { email, name, image, admin, approved, onboarded, locale, theme }
  }),
  signIn: publicProcedure.output(signInSchema).query(() => signInState()),
})
