import { accountsRouter } from './accounts/router.ts'
import { router } from './core/trpc.ts'

/** The only list of tRPC routers. */
export const appRouter = router({
  accounts: accountsRouter,
})

export type AppRouter = typeof appRouter
