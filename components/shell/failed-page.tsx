'use client'

import { RotateCw, TriangleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'

/** What stands in place of a page that could not be drawn; the digest finds it in the server's log. */
export function FailedPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  const t = useTranslations('failedPage')
  return (
    <EmptyState
      page
      icon={<TriangleAlert aria-hidden />}
      title={t('title')}
      action={
        <Button variant="primary" onClick={retry}>
          <RotateCw aria-hidden />
          {t('retry')}
        </Button>
      }
    >
      <p>{t('text')}</p>
      {error.digest && <p className="mt-2 font-mono text-faint text-xs">{t('digest', { digest: error.digest })}</p>}
    </EmptyState>
  )
}
