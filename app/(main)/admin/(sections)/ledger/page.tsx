import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { LedgerPage } from '@/components/ai/ledger-page.tsx'
import { choicesKey, ledgerFilter, ledgerKey, ledgerStart, ledgerView, totalsKey } from '@/components/ai/ledger-query.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('title') }
}

export default async function AllLedgerPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const view = ledgerView(await searchParams)
  const filter = ledgerFilter(view, false)
  const api = await serverCaller(await headers())
  const reading = Promise.all([api.ai.ledgerAll(filter), api.ai.ledgerAllTotals(filter), api.ai.ledgerAllChoices()])
  const [page, totals, choices] = await load('/admin/ledger', reading)
  return (
    <Hydrate
      words={['ledger', 'roles']}
      data={[
        [ledgerKey(null, filter), ledgerStart(page)],
        [totalsKey(null, filter), totals],
        [choicesKey(null), choices],
      ]}
    >
      <LedgerPage service={null} start={view} />
    </Hydrate>
  )
}
