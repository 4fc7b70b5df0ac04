'use client'

import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Button } from '@/components/ui/button.tsx'

/** The way to the app itself, on a host of its own. */
export function OpenApp({ url, primary }: { url: string; primary?: boolean }) {
  const t = useTranslations('service')
  return (
    <Button asChild variant={primary ? 'primary' : 'secondary'}>
      <a href={url} target="_blank" rel="noreferrer noopener">
        <ExternalLink aria-hidden />
        {t('open')}
      </a>
    </Button>
  )
}

/** The same on the page of a build, while that build is the version in use. */
export function OpenBuiltApp({ service, build }: { service: string; build: number }) {
  const { data } = useQuery(useTRPC().deployments.service.queryOptions({ service }))
  return data?.current?.build === build ? <OpenApp url={data.url} primary /> : null
}
