'use client'

import { Archive, LayoutGrid, List } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Select } from '@/components/ui/input.tsx'
import { SearchField } from '@/components/ui/search-field.tsx'
import { Toggle } from '@/components/ui/toggle.tsx'
import { agentSorts, agentStatuses } from '@/server/agents/schema.ts'
import { type AgentsView, agentViews, whoses } from './agents-query.ts'

type Change = (part: Partial<AgentsView>) => void
const pressed = 'text-muted hover:bg-sunken hover:text-ink data-[state=on]:bg-accent-soft data-[state=on]:text-accent'

function Choices({ view, tags, onChange }: { view: AgentsView; tags: string[]; onChange: Change }) {
  const t = useTranslations('agents')
  const offered = view.tag && !tags.includes(view.tag) ? [view.tag, ...tags] : tags
  return (
    <>
      <Select
        className="h-9"
        aria-label={t('status.label')}
        value={view.status}
        onChange={({ target }) => onChange({ status: target.value as AgentsView['status'] })}
      >
        <option value="">{t('status.any')}</option>
        {agentStatuses.map((status) => (
          <option key={status} value={status}>
            {t(`status.${status}`)}
          </option>
        ))}
      </Select>
      {offered.length > 0 && (
        <Select
          className="h-9 max-w-44"
          aria-label={t('tag.label')}
          value={view.tag}
          onChange={({ target }) => onChange({ tag: target.value })}
        >
          <option value="">{t('tag.any')}</option>
          {offered.map((tag) => (
            <option key={tag} value={tag}>
              {tag}
            </option>
          ))}
        </Select>
      )}
      <Select
        className="h-9"
        aria-label={t('sort.label')}
        value={view.sort}
        onChange={({ target }) => onChange({ sort: target.value as AgentsView['sort'] })}
      >
        {agentSorts.map((sort) => (
          <option key={sort} value={sort}>
            {t(`sort.${sort}`)}
          </option>
        ))}
      </Select>
    </>
  )
}

/** What the list of agents shows: words, filters, an order, and how it looks. */
export function AgentsToolbar({ view, tags, onChange }: { view: AgentsView; tags: string[]; onChange: Change }) {
  const t = useTranslations('agents')
  const icons = { cards: LayoutGrid, table: List }
  return (
    <div className="mb-4 grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          slash
          label={t('search')}
          className="min-w-0 flex-1 basis-60"
          value={view.search}
          onChange={(search) => onChange({ search })}
        />
        <Choices view={view} tags={tags} onChange={onChange} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not lie in one line. */}
        <div role="group" aria-label={t('whose.label')} className="-mx-1 flex flex-wrap gap-1">
          {whoses.map((whose) => (
            <Toggle key={whose} pressed={view.whose === whose} onPressedChange={() => onChange({ whose })} className={pressed}>
              {t(`whose.${whose}`)}
            </Toggle>
          ))}
          <Toggle pressed={view.archived} onPressedChange={(archived) => onChange({ archived })} className={pressed}>
            <Archive aria-hidden />
            {t('archivedToggle')}
          </Toggle>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not lie in one line. */}
        <div role="group" aria-label={t('view.label')} className="flex gap-1">
          {agentViews.map((name) => {
            const Icon = icons[name]
            return (
              <Toggle key={name} pressed={view.view === name} onPressedChange={() => onChange({ view: name })} className={pressed}>
                <Icon aria-hidden />
                {t(`view.${name}`)}
              </Toggle>
            )
          })}
        </div>
      </div>
    </div>
  )
}
