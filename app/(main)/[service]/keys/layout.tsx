import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { decide } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string }>
  children: ReactNode
}

/** Only members find anything here, so they are asked for before anything is drawn. */
export default async function KeysLayout({ params, children }: Props) {
  const { service } = await params
  const api = await serverCaller(await headers())
  await decide(api.members.list({ service, limit: 1 }))
  return children
}
