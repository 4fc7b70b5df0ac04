import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { enter } from '@/components/beta/entrance.ts'
import { decide, once, requirePerson } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

/** Sends away before anything is drawn: to the sign-in, to the application, to the first project. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  const me = await api.accounts.me()
  await requirePerson(me)
  enter(me, (await decide(once('jobs', () => api.builds.jobs()))).length)
  return children
}
