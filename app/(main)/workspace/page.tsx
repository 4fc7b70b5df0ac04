import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { choiceOfAgents } from '@/components/chats/choice.ts'
import { ChatHistory } from '@/components/chats/history.tsx'
import { historyKey, historyPage, historyStart } from '@/components/chats/history-key.ts'
import { NotifyButton } from '@/components/chats/notify-button.tsx'
import { QuotaMeter } from '@/components/chats/quota-meter.tsx'
import { StartChat } from '@/components/chats/start-chat.tsx'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('chats'))('title') }
}

export default async function WorkspaceStartPage() {
  const api = await serverCaller(await headers())
  const [list, quota, agents, t] = await Promise.all([
    load('/workspace', api.chats.list({ limit: historyPage })),
    api.chats.quota(),
    api.agents.list(choiceOfAgents),
    getTranslations('chats'),
  ])
  const quotaTitle = (await getTranslations('quota'))('title')
  return (
    <Hydrate
      words={['chats', 'quota']}
      data={[
        [historyKey(queryKeys.chats.list.pathKey()), historyStart(list)],
        [queryKeys.chats.quota.queryKey(), quota],
        [queryKeys.agents.list.queryKey(choiceOfAgents), agents],
      ]}
    >
      <PageHeader className="mb-1" title={t('title')} />
      <p className="mb-4 text-muted">{t('intro')}</p>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_auto_1fr]">
        <div className="lg:col-start-2">
          <StartChat />
        </div>
        <Card className="overflow-hidden lg:col-start-1 lg:row-span-3 lg:row-start-1">
          <CardHeader title={t('recent')} />
          <ChatHistory plain />
        </Card>
        <Card className="lg:col-start-2">
          <CardHeader title={quotaTitle} />
          <CardBody>
            <QuotaMeter />
          </CardBody>
        </Card>
        <div className="lg:col-start-2">
          <NotifyButton />
        </div>
      </div>
    </Hydrate>
  )
}
