import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { NewChat } from '@/components/workspace/new-chat.tsx'
import { serverCaller } from '@/server/caller.ts'

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('workspace'))('newChat') }
}

/** Nothing is begun by the reading of a page: the browser asks for it once it is alive. */
export default async function NewConversationPage({ searchParams }: Props) {
  const { agent } = await searchParams
  const agentId = typeof agent === 'string' && agent ? agent : null
  const api = await serverCaller(await headers())
  await load(`/workspace/new${agentId ? `?${new URLSearchParams({ agent: agentId })}` : ''}`, api.chats.quota())
  return (
    <Hydrate words={['workspace']} data={[]}>
      <NewChat agentId={agentId} />
    </Hydrate>
  )
}
