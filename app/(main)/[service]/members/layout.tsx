import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { decide, once } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string }>
  children: ReactNode
}

/** Looks whether its reader is a member before anything of the page is drawn. */
export default async function MembersLayout({ params, children }: Props) {
  const { service } = await params
  const api = await serverCaller(await headers())
  await decide(once(`members ${service}`, () => api.members.list({ service })))
  return children
}
