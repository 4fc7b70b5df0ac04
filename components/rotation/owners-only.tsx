'use client'

import { Lock } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { EmptyState } from '@/components/ui/empty-state.tsx'

/** What a member who is no owner finds where the keys are. */
export function OwnersOnly() {
  const t = useTranslations('keys.ownersOnly')
  return (
    <EmptyState page icon={<Lock aria-hidden />} title={t('title')}>
      {t('text')}
    </EmptyState>
  )
}
