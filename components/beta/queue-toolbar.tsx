'use client'

import { Check, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { SearchField } from '@/components/ui/search-field.tsx'
import type { Decision } from '@/server/beta/schema.ts'
import type { Selection } from './use-selection.ts'

interface Props {
  /** Whether what is shown may wait for a decision. */
  deciding: boolean
  search: string
  onSearch: (words: string) => void
  selection: Selection
  onAsk: (decision: Decision) => void
}

/** What is searched for, and what is done with the selected ones. */
export function QueueToolbar({ deciding, search, onSearch, selection, onAsk }: Props) {
  const t = useTranslations('applications')
  return (
    <div className="grid gap-3 border-b px-4 py-3">
      <SearchField label={t('search')} value={search} onChange={onSearch} />
      {deciding && <Selected selection={selection} onAsk={onAsk} />}
    </div>
  )
}

function Selected({ selection, onAsk }: Pick<Props, 'selection' | 'onAsk'>) {
  const t = useTranslations('applications')
  const alive = useAlive()
  const count = selection.selected.length
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would not lie in one line.
    <div role="group" aria-label={t('columns.actions')} className="flex flex-wrap items-center gap-2">
      <p role="status" className="mr-1 min-w-24 font-medium text-sm">
        {t('selected', { count })}
      </p>
      <Button size="sm" variant="primary" disabled={count === 0 || !alive} onClick={() => onAsk('approve')}>
        <Check aria-hidden />
        {t('approveCount', { count })}
      </Button>
      <Button size="sm" disabled={count === 0 || !alive} onClick={() => onAsk('reject')}>
        <X aria-hidden />
        {t('rejectCount', { count })}
      </Button>
      {count > 0 && (
        <Button size="sm" variant="ghost" onClick={selection.clear}>
          {t('clear')}
        </Button>
      )}
      <p className="ml-auto hidden text-muted text-xs md:block">{t('keys')}</p>
    </div>
  )
}
