import { useTranslations } from 'next-intl'
import { Banner } from '@/components/ui/banner.tsx'

/** What somebody reads who has just deleted their account. */
export function Goodbye() {
  const t = useTranslations('offboarding.goodbye')
  return (
    <Banner tone="ok" title={t('title')} className="mb-5">
      {t('text')}
    </Banner>
  )
}
