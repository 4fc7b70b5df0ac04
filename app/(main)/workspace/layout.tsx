import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { requirePlace } from '@/components/beta/entrance.ts'
import { requirePerson } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

/** Conversations are for people who were let in. */
export default async function WorkspaceLayout({ children }: { children: ReactNode }) {
  const me = await (await serverCaller(await headers())).accounts.me()
  await requirePerson(me)
  requirePlace(me)
  return children
}
