import { createTRPCContext } from '@trpc/tanstack-react-query'
import type { AppRouter } from '@/server/router.ts'

/** React Query options for every procedure: `useTRPC().builds.get.queryOptions(...)`. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()
