import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { LedgerPage } from '@/components/ai/ledger-page.tsx'
import { choicesKey, ledgerFilter, ledgerKey, ledgerStart, ledgerView, totalsKey } from '@/components/ai/ledger-query.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { serverCaller } from '@/server/caller.ts'

interface Props {
  params: Promise<{ service: string }>
  searchParams: Promise<Record<string, unknown>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ service }, t] = [await params, await getTranslations('ledger')]
  return { title: `${t('title')} · ${service}` }
}

export default async function ServiceLedgerPage({ params, searchParams }: Props) {
  const { service } = await params
  const view = { ...ledgerView(await searchParams), service: '' }
  const { service: _, ...filter } = ledgerFilter(view, false)
  const api = await serverCaller(await headers())
  const reading = Promise.all([
    api.ai.ledger({ ...filter, service }),
    api.ai.ledgerTotals({ ...filter, service }),
    api.ai.ledgerChoices({ service }),
  ])
  const [[page, totals, choices], t, shell] = await Promise.all([
    load(`/${service}/ledger`, reading),
    getTranslations('ledger'),
    getTranslations('shell'),
  ])
  const trail = [{ name: shell('dashboard'), href: '/dashboard' }, { name: service, href: `/${service}` }, { name: t('title') }]
  return (
    <Hydrate
      words={['ledger', 'roles']}
      data={[
        [ledgerKey(service, filter), ledgerStart(page)],
        [totalsKey(service, filter), totals],
        [choicesKey(service), choices],
      ]}
    >
      <Breadcrumbs label={shell('breadcrumbs')} items={trail} />
      <LedgerPage service={service} start={view} />
    </Hydrate>
  )
}
