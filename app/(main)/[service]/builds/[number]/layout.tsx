import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { decide, once } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string; number: string }>
  children: ReactNode
}

/** Looks whether there is such a build before anything of its page is drawn. */
export default async function BuildLayout({ params, children }: Props) {
  const { service, number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) notFound()
  const api = await serverCaller(await headers())
  await decide(once(`${service} ${number}`, () => api.builds.get({ service, number: Number(number) })))
  return children
}
