import { dehydrate, HydrationBoundary, QueryClient, type QueryKey } from '@tanstack/react-query'
import type { ReactNode } from 'react'

/** Hands what a page has read on the server to the browser's queries, so that the first drawing already has it. */
export function Hydrate({ data, children }: { data: [key: QueryKey, value: unknown][]; children: ReactNode }) {
  const client = new QueryClient()
  for (const [key, value] of data) client.setQueryData(key, value)
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>
}
