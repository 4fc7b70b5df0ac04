import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'

/** There is no such page, or it is somebody else's: nobody is told which. */
export function MissingPage() {
  const t = useTranslations('missingPage')
  return (
    <EmptyState
      page
      icon={<SearchX aria-hidden />}
      title={t('title')}
      action={
        <Button asChild variant="primary">
          <Link href="/dashboard">{t('back')}</Link>
        </Button>
      }
    >
      {t('text')}
    </EmptyState>
  )
}
