import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { AuditLog } from '@/components/audit/audit-log.tsx'
import { auditFilter, auditKey, auditStart, auditView } from '@/components/audit/audit-query.ts'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('audit'))('title') }
}

export default async function AuditLogPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const view = auditView(await searchParams)
  const filter = auditFilter(view, false)
  const api = await serverCaller(await headers())
  const page = await load('/admin/audit', api.audit.list(filter))
  return (
    <Hydrate words={['audit']} data={[[auditKey(filter), auditStart(page)]]}>
      <AuditLog start={view} />
    </Hydrate>
  )
}
