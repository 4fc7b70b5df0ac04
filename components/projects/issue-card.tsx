'use client'

import { ExternalLink } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import { Otherwise } from '@/components/client/part.tsx'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import type { Project } from '@/server/projects/schema.ts'

const Markdown = dynamic(() => import('@/components/artifacts/markdown.tsx').then((module) => module.Markdown))

/** What the service was made from. */
export function IssueCard({ issue }: { issue: Project['issue'] }) {
  const t = useTranslations('service.issue')
  return (
    <Card>
      <CardHeader title={t('title')}>
        {issue.url && (
          <a
            href={issue.url}
            target="_blank"
            rel="noreferrer noopener"
            className="inline-flex items-center gap-1 rounded text-accent text-xs hover:underline"
          >
            <ExternalLink aria-hidden className="size-3.5" />
            {t('source')}
          </a>
        )}
      </CardHeader>
      <Scroller className="max-h-96 overflow-y-auto p-4">
        <h3 className="mb-2 font-semibold [overflow-wrap:anywhere]">
          <bdi>{issue.title}</bdi>
        </h3>
        {issue.unreadable ? (
          <CannotOpen />
        ) : issue.body?.trim() ? (
          <Otherwise simpler={<p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{issue.body}</p>}>
            <Markdown text={issue.body} />
          </Otherwise>
        ) : (
          <p className="text-faint">{t('empty')}</p>
        )}
      </Scroller>
    </Card>
  )
}
