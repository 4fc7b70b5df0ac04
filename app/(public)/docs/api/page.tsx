import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ApiDocs } from '@/components/shell/api-docs.tsx'
import { apiDocument } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('apiDocs')
  return { title: t('title'), description: t('description') }
}

export default async function ApiDocsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const [{ q }, document] = await Promise.all([searchParams, apiDocument()])
  return <ApiDocs document={document} query={typeof q === 'string' ? q.slice(0, 200) : ''} />
}
