import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { requirePerson } from '@/components/client/load.ts'
import { serverCaller } from '@/server/caller.ts'

/** Sends whoever is not signed in away before anything is drawn. */
export default async function OnboardingLayout({ children }: { children: ReactNode }) {
  const api = await serverCaller(await headers())
  await requirePerson(await api.accounts.me())
  return children
}
