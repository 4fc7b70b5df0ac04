import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { requirePlace } from '@/components/beta/entrance.ts'
import { requirePerson } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

/** Sends whoever is not signed in, or not let in yet, away before anything is drawn. */
export default async function AgentsLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  const me = await api.accounts.me()
  await requirePerson(me)
  requirePlace(me)
  return children
}
