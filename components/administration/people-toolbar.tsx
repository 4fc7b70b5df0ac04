'use client'

import { useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Select } from '@/components/ui/input.tsx'
import { Kbd } from '@/components/ui/kbd.tsx'
import { SearchField } from '@/components/ui/search-field.tsx'
import { Toggle } from '@/components/ui/toggle.tsx'
import { peopleFilters, peopleSorts } from '@/server/administration/schema.ts'
import type { PeopleView } from './people-query.ts'

/** What the list shows: words, a state with how many there are of it, an order. */
export function PeopleToolbar({ view, onChange }: { view: PeopleView; onChange: (change: Partial<PeopleView>) => void }) {
  const t = useTranslations('users')
  const format = useFormatter()
  const { data: counts } = useQuery(useTRPC().administration.userCounts.queryOptions())
  return (
    <div className="grid gap-3 border-b px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          slash={<Kbd>{t('searchKey')}</Kbd>}
          label={t('search')}
          className="min-w-0 flex-1 basis-64"
          maxLength={200}
          value={view.search}
          onChange={(search) => onChange({ search })}
        />
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
