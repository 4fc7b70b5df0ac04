import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'

/** For members of projects who may not make one: where to ask for it. */
export function ApplyHint() {
  const t = useTranslations('beta.hint')
  return (
    <Banner
      tone="info"
      title={t('title')}
      className="mb-4 max-sm:flex-wrap"
      action={
        <Button asChild size="sm">
          <Link href="/beta">{t('action')}</Link>
        </Button>
      }
    >
      {t('text')}
    </Banner>
  )
}
