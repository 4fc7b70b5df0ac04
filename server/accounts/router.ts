import { publicProcedure } from '@/server/core/gates.ts'
import { router } from '@/server/core/trpc.ts'
import { meSchema, signInSchema } from './schema.ts'
import { signInState } from './service.ts'

export const accountsRouter = router({
  me: publicProcedure.output(meSchema.nullable()).query(({ ctx }) => {
    if (!ctx.actor) return null
    const { email, name, image, admin } = ctx.actor
    return { email, name, image, admin }
  }),
  signIn: publicProcedure.output(signInSchema).query(() => signInState()),
})
