'use client'

import { useTranslations } from 'next-intl'
import { Kbd } from '@/components/ui/kbd.tsx'
import { SearchField } from '@/components/ui/search-field.tsx'

interface Props {
  typed: string
  onType: (typed: string) => void
  busy: boolean
  /** The key "/" leads here. */
  slash: boolean
}

/** Where one looks for words in all that was said. */
export function HistorySearch({ typed, onType, busy, slash }: Props) {
  const t = useTranslations('chats')
  return (
    <div data-history-search>
      <SearchField label={t('search')} maxLength={200} busy={busy} value={typed} onChange={onType} slash={slash && <Kbd>/</Kbd>} />
      <span role="status" className="sr-only">
        {busy && t('searching')}
      </span>
    </div>
  )
}
