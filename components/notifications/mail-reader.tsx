'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { MailDetail } from '@/server/notifications/schema.ts'

/** Lets the mail's links open beside this page: nothing of a mail ever runs or moves inside it. */
const framed = (html: string) => {
  const base = '<base target="_blank">'
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => `${head}${base}`) : `${base}${html}`
}

/** One mail with its words, as the page that it is and as text. */
export function MailReader({ id, onBack }: { id: string; onBack: () => void }) {
  const t = useTranslations('mailbox')
  const words = useFailureWords()
  const { data, error } = useQuery({ ...useTRPC().notifications.mail.queryOptions({ id }), staleTime: Number.POSITIVE_INFINITY })
  const failure = error && words(error)
  return (
    <div className="grid min-w-0 gap-3">
      <Button variant="ghost" size="sm" onClick={onBack} className="justify-self-start lg:hidden">
        <ArrowLeft aria-hidden />
        {t('back')}
      </Button>
      {failure && (
        <Banner tone="bad" title={failure.title}>
          {failure.text}
        </Banner>
      )}
      {!failure && <Card className="overflow-hidden">{data ? <Opened mail={data} /> : <Loading />}</Card>}
    </div>
  )
}

function Opened({ mail }: { mail: MailDetail }) {
  const t = useTranslations('mailbox')
  return (
    <>
      <header className="border-b px-4 py-3">
        <h2 className="font-semibold text-base [overflow-wrap:anywhere]">
          <bdi>{mail.subject || t('noSubject')}</bdi>
        </h2>
        <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-muted text-xs">
          <Line name={t('from')}>
            <bdi>{mail.from}</bdi>
          </Line>
          <Line name={t('to')}>
            <bdi>{mail.to.join(', ')}</bdi>
          </Line>
          <Line name={t('at')}>
            <TimeAgo at={mail.at} />
          </Line>
        </dl>
      </header>
      <Tabs defaultValue={mail.html === null ? 'text' : 'html'}>
        <TabsList className="px-2">
          {mail.html !== null && <Tab value="html">{t('views.html')}</Tab>}
          <Tab value="text">{t('views.text')}</Tab>
        </TabsList>
        {mail.html !== null && (
          <TabPanel value="html" className="p-0">
            <iframe
              title={t('frame')}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              referrerPolicy="no-referrer"
              srcDoc={framed(mail.html)}
              className="block h-[65vh] w-full bg-surface"
            />
          </TabPanel>
        )}
        <TabPanel value="text" className="p-0">
          <pre dir="auto" className="whitespace-pre-wrap p-4 font-mono text-sm leading-relaxed [overflow-wrap:anywhere]">
            <Linked text={mail.text} />
          </pre>
        </TabPanel>
      </Tabs>
    </>
  )
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}

/** Text whose web addresses can be followed. */
function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+)/g)
  return parts.map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes.
      <a key={at} href={part} target="_blank" rel="noreferrer noopener" className="rounded text-accent underline underline-offset-2">
        {part}
      </a>
    ) : (
      part
    ),
  )
}

function Loading() {
  const t = useTranslations('mailbox')
  return (
    <div role="status" className="grid gap-3 p-4">
      <span className="sr-only">{t('loading')}</span>
      <Skeleton className="h-6 w-2/3" />
      <Skeleton className="h-64" />
    </div>
  )
}
