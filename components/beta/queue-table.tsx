'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Table, Th } from '@/components/ui/table.tsx'
import type { Application, Decision } from '@/server/beta/schema.ts'
import { ApplicationRow } from './application-row.tsx'
import type { Selection } from './use-selection.ts'

interface Props {
  items: Application[]
  selection: Selection
  underWay: ReadonlyMap<string, Decision>
  /** The one that stands open at first. */
  opened: string | null
  onAsk: (decision: Decision, id: string) => void
}

/** The applications as a table whose rows open. */
export function QueueTable({ items, selection, underWay, opened, onAsk }: Props) {
  const t = useTranslations('applications')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(opened ? [opened] : []))
  const toggle = (id: string) =>
    setOpen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  const selectable = items.filter(({ id, status }) => status === 'OPEN' && !underWay.has(id)).map(({ id }) => id)
  const all = selectable.length > 0 && selection.selected.length === selectable.length
  return (
    <Table>
      <thead className="bg-sunken">
        <tr>
          <Th className="w-8">
            {selectable.length > 0 ? (
              <input
                type="checkbox"
                className="block size-4 accent-accent"
                aria-label={t('selectAll')}
                checked={all}
                ref={(box) => {
                  if (box) box.indeterminate = !all && selection.selected.length > 0
                }}
                onChange={() => selection.set(selectable, !all)}
              />
            ) : (
              <span className="sr-only">{t('columns.select')}</span>
            )}
          </Th>
          <Th className="w-full sm:w-auto">{t('columns.person')}</Th>
          <Th className="hidden lg:table-cell">{t('columns.company')}</Th>
          <Th className="hidden md:table-cell">{t('columns.teamSize')}</Th>
          <Th>{t('columns.applied')}</Th>
          <Th className="hidden sm:table-cell">{t('columns.status')}</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((application) => (
          <ApplicationRow
            key={application.id}
            application={application}
            selection={selection}
            underWay={underWay.get(application.id)}
            open={open.has(application.id)}
            onToggle={() => toggle(application.id)}
            onAsk={(decision) => onAsk(decision, application.id)}
          />
        ))}
      </tbody>
    </Table>
  )
}
