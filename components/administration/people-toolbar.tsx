'use client'

import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { Input, Select } from '@/components/ui/input.tsx'
import { Kbd } from '@/components/ui/kbd.tsx'
import { Toggle } from '@/components/ui/toggle.tsx'
import { peopleFilters, peopleSorts } from '@/server/administration/schema.ts'
import type { PeopleView } from './people-query.ts'

/** A field that the key "/" leads to, from wherever nothing is being typed. */
function useSlash() {
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const busy = (event.target as HTMLElement | null)?.closest?.(
        'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"]',
      )
      if (event.key !== '/' || busy || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      ref.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return ref
}

/** What the list shows: words, a state with how many there are of it, an order. */
export function PeopleToolbar({ view, onChange }: { view: PeopleView; onChange: (change: Partial<PeopleView>) => void }) {
  const t = useTranslations('users')
  const format = useFormatter()
  const search = useSlash()
  const { data: counts } = useQuery(useTRPC().administration.userCounts.queryOptions())
  return (
    <div className="grid gap-3 border-b px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="relative min-w-0 flex-1 basis-64">
          <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-faint" />
          <Input
            ref={search}
            type="search"
            className="pr-9 pl-9"
            aria-label={t('search')}
            placeholder={t('search')}
            maxLength={200}
            value={view.search}
            onChange={({ target }) => onChange({ search: target.value })}
          />
          {!view.search && (
            <span aria-hidden className="pointer-events-none absolute top-2 right-3 hidden sm:block">
              <Kbd>{t('searchKey')}</Kbd>
            </span>
          )}
        </div>
        <Select
          className="h-9"
          aria-label={t('sort')}
          value={view.sort}
          onChange={({ target }) => onChange({ sort: target.value as PeopleView['sort'] })}
        >
          {peopleSorts.map((sort) => (
            <option key={sort} value={sort}>
              {t(`sorts.${sort}`)}
            </option>
          ))}
        </Select>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not lie in one line. */}
      <div role="group" aria-label={t('filter')} className="-mx-1 flex flex-wrap gap-1">
        {peopleFilters.map((filter) => (
          <Toggle
            key={filter}
            pressed={view.filter === filter}
            onPressedChange={() => onChange({ filter })}
            className="text-muted hover:bg-sunken hover:text-ink data-[state=on]:bg-accent-soft data-[state=on]:text-accent"
          >
            {t(`filters.${filter}`)}
            {counts && <span className="tabular font-normal">{format.number(counts[filter])}</span>}
          </Toggle>
        ))}
      </div>
    </div>
  )
}
