'use client'

import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { cn } from '@/components/ui/cn.ts'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { AuditEntry } from '@/server/audit/schema.ts'
import { EntryFacts } from './entry-facts.tsx'
import { useActionName } from './use-action-name.ts'

/** Entries of the audit log as rows; each opens to all that is known of it. */
export function AuditEntries({ entries }: { entries: AuditEntry[] }) {
  const t = useTranslations('audit')
  return (
    <Table>
      <thead className="bg-sunken">
        <tr>
          <Th className="w-0">
            <span className="sr-only">{t('details')}</span>
          </Th>
          <Th>{t('columns.when')}</Th>
          <Th>{t('columns.what')}</Th>
          <Th className="hidden sm:table-cell">{t('columns.whom')}</Th>
          <Th className="hidden md:table-cell">{t('columns.who')}</Th>
          <Th className="hidden lg:table-cell">{t('columns.address')}</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRow key={entry.id} entry={entry} />
        ))}
      </tbody>
    </Table>
  )
}

const personLink = 'rounded hover:text-accent hover:underline'

function Who({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('audit')
  const { id, email } = entry.actor
  if (!id) return <span className="text-muted">{email === 'system' ? t('system') : <bdi>{email}</bdi>}</span>
  return (
    <Link href={`/admin/users/${id}`} className={personLink}>
      <bdi>{email}</bdi>
    </Link>
  )
}

function Whom({ entry }: { entry: AuditEntry }) {
  const { type, id, label } = entry.target
  if (type !== 'user') return <bdi>{label}</bdi>
  return (
    <Link href={`/admin/users/${id}`} className={personLink}>
      <bdi>{label}</bdi>
    </Link>
  )
}

function EntryRow({ entry }: { entry: AuditEntry }) {
  const t = useTranslations('audit')
  const action = useActionName()(entry.action)
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <>
      <Tr className="hover:bg-sunken/60">
        <Td className="w-0 pr-0">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            aria-label={t('open', { action })}
            onClick={() => setOpen(!open)}
            className="flex size-7 items-center justify-center rounded text-faint hover:bg-sunken hover:text-ink"
          >
            <ChevronRight aria-hidden className={cn('size-4 transition-transform', open && 'rotate-90')} />
          </button>
        </Td>
        <Td className="w-0 text-muted">
          <TimeAgo at={entry.at} />
        </Td>
        <Td>
          <span className="font-medium">{action}</span>
          <span className="block max-w-60 truncate text-faint text-xs sm:hidden">
            <Whom entry={entry} />
          </span>
        </Td>
        <Td className="hidden max-w-72 truncate sm:table-cell">
          <Whom entry={entry} />
        </Td>
        <Td className="hidden max-w-72 truncate md:table-cell">
          <Who entry={entry} />
        </Td>
        <Td className="hidden whitespace-nowrap font-mono text-faint text-xs lg:table-cell">{entry.address ?? '–'}</Td>
      </Tr>
      {open && (
        <tr id={id} className="bg-sunken/60">
          <td colSpan={6} className="px-4 pt-1 pb-4">
            <EntryFacts entry={entry} />
          </td>
        </tr>
      )}
    </>
  )
}
