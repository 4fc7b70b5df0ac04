'use client'

import { LoaderCircle, Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Input } from '@/components/ui/input.tsx'

/** Where one looks for words in all that was said. */
export function HistorySearch({ typed, onType, busy }: { typed: string; onType: (typed: string) => void; busy: boolean }) {
  const t = useTranslations('chats')
  const Icon = busy ? LoaderCircle : Search
  return (
    <div className="relative">
      <Icon
        aria-hidden
        className={`pointer-events-none absolute top-2.5 left-3 size-4 text-faint ${busy ? 'motion-safe:animate-spin' : ''}`}
      />
      <Input
        type="search"
        dir="auto"
        className="pl-9"
        aria-label={t('search')}
        placeholder={t('search')}
        maxLength={200}
        value={typed}
        onChange={({ target }) => onType(target.value)}
      />
      <span role="status" className="sr-only">
        {busy && t('searching')}
      </span>
    </div>
  )
}
