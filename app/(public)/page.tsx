import { headers } from 'next/headers'
import { Landing } from '@/components/shell/landing.tsx'
import { serverCaller } from '@/server/caller.ts'

export default async function LandingPage() {
  const api = await serverCaller(await headers())
  return <Landing signedIn={(await api.accounts.me()) !== null} />
}
