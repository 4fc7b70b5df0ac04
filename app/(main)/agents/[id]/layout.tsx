import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { decide, once } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ id: string }>
  children: ReactNode
}

/** Whether there is such an agent for this person is asked before anything is drawn. */
export default async function AgentLayout({ params, children }: Props) {
  const { id } = await params
  const api = await serverCaller(await headers())
  await decide(once(`agent ${id}`, () => api.agents.get({ id })))
  return children
}
