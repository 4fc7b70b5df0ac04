import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { load } from '@/components/client/load.ts'
import { MoreWords } from '@/components/client/words.tsx'
import { NewProjectForm } from '@/components/projects/new-project-form.tsx'
import { Breadcrumbs } from '@/components/ui/breadcrumbs.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { serverCaller } from '@/server/caller.ts'
import { servicesDomain } from '@/server/core/env.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('newProject'))('heading') }
}

export default async function NewProjectPage() {
  const api = await serverCaller(await headers())
  // Nobody fills in a form only to be told at its end to sign in first.
  await load('/projects/new', api.builds.jobs())
  const [t, shell] = await Promise.all([getTranslations('newProject'), getTranslations('shell')])
  return (
    <>
      <Breadcrumbs label={shell('breadcrumbs')} items={[{ name: shell('dashboard'), href: '/dashboard' }, { name: t('heading') }]} />
      <PageHeader className="mb-5" title={t('heading')} meta={<span className="max-w-prose">{t('intro')}</span>} />
      <MoreWords of={['newProject']}>
        <NewProjectForm domain={servicesDomain()} />
      </MoreWords>
    </>
  )
}
