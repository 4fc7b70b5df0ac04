import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { decide, once } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ id: string }>
  children: ReactNode
}

/** Looks whether there is such a person before anything of their page is drawn. */
export default async function UserLayout({ params, children }: Props) {
  const { id } = await params
  const api = await serverCaller(await headers())
  await decide(once(`user ${id}`, () => api.administration.user({ id })))
  return children
}
