import { accountsRouter } from './accounts/router.ts'
import { router } from './core/trpc.ts'
import { streamsRouter } from './streams/router.ts'

/** The only list of tRPC routers. */
export const appRouter = router({
  accounts: accountsRouter,
  streams: streamsRouter,
})

export type AppRouter = typeof appRouter
