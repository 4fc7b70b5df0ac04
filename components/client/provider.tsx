'use client'

// Before any module that has schemas.
import './no-eval.ts'
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { type ReactNode, useRef, useState } from 'react'
import superjson from 'superjson'
import { TooltipProvider } from '@/components/ui/tooltip.tsx'
import type { AppRouter } from '@/server/router.ts'
import { failureOf } from './failure.ts'
import { TRPCProvider } from './trpc.ts'
import { useFailureToast } from './use-failure.ts'

const patient = new Set(['OFFLINE', 'UNAVAILABLE', 'INTERNAL'])

function makeQueryClient(onMutationError: (error: unknown) => void): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      // A form that shows the error beside its field says so in `meta`.
      onError: (error, _variables, _result, mutation) => mutation.meta?.silent || onMutationError(error),
    }),
    defaultOptions: {
      // The server may be this machine or in its own house: a browser without the Internet is no reason not to ask it, or to wait in silence.
      queries: { networkMode: 'always', staleTime: 5_000, retry: (count, error) => count < 2 && patient.has(failureOf(error).code) },
      mutations: { networkMode: 'always' },
    },
  })
}

/** What the browser's side of a page stands on: queries, tRPC, tooltips. */
export function Providers({ children }: { children: ReactNode }) {
  const show = useFailureToast()
  const latest = useRef(show)
  latest.current = show
  const [queryClient] = useState(() => makeQueryClient((error) => latest.current(error)))
  const [trpcClient] = useState(() =>
    // The server takes no more than twenty calls in one request.
    createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: '/api/trpc', transformer: superjson, maxURLLength: 4_000, maxItems: 20 })],
    }),
  )
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <TooltipProvider delayDuration={300}>{children}</TooltipProvider>
      </TRPCProvider>
    </QueryClientProvider>
  )
}
