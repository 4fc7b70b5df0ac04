'use client'

import { useTranslations } from 'next-intl'
import { SearchField } from '@/components/ui/search-field.tsx'

/** Where one looks for words in all that was said. */
export function HistorySearch({ typed, onType, busy }: { typed: string; onType: (typed: string) => void; busy: boolean }) {
  const t = useTranslations('chats')
  return (
    <>
      <SearchField label={t('search')} maxLength={200} busy={busy} value={typed} onChange={onType} />
      <span role="status" className="sr-only">
        {busy && t('searching')}
      </span>
    </>
  )
}
