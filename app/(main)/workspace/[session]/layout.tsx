import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { decide, once } from '@/components/client/decide.ts'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ session: string }>
  children: ReactNode
}

/** Looks whether there is such a conversation, and whether it is this person's, before anything of its page is drawn. */
export default async function ConversationLayout({ params, children }: Props) {
  const { session: id } = await params
  const api = await serverCaller(await headers())
  await decide(once(`chat ${id}`, () => api.chats.get({ id })))
  return children
}
