import { dehydrate, HydrationBoundary, QueryClient, type QueryKey } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { MoreWords, type Namespace } from './words.tsx'

interface Props {
  data: [key: QueryKey, value: unknown][]
  /** What the components below say in the browser, beside what a layout above has sent already. */
  words?: readonly Namespace[]
  children: ReactNode
}

/** Hands what a page has read on the server to the browser's queries, so that the first drawing already has it; and its words. */
export function Hydrate({ data, words, children }: Props) {
  const client = new QueryClient()
  for (const [key, value] of data) client.setQueryData(key, value)
  return <HydrationBoundary state={dehydrate(client)}>{words ? <MoreWords of={words}>{children}</MoreWords> : children}</HydrationBoundary>
}
