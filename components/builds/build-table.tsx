'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { Duration, TimeAgo } from '@/components/ui/time.tsx'
import type { BuildSummary } from '@/server/builds/schema.ts'
import { Cause } from './cause.tsx'
import { StatusBadge } from './status-icon.tsx'

/** Builds as rows; each number leads to its page. */
export function BuildTable({ service, builds }: { service: string; builds: BuildSummary[] }) {
  const t = useTranslations('service.history')
  return (
    <Table>
      <thead className="bg-sunken">
        <tr>
          <Th>{t('number')}</Th>
          <Th>{t('status')}</Th>
          <Th>{t('started')}</Th>
          <Th>{t('duration')}</Th>
          <Th className="hidden sm:table-cell">{t('cause')}</Th>
        </tr>
      </thead>
      <tbody>
        {builds.map((build) => (
          <Tr key={build.number} className="hover:bg-sunken/60">
            <Td className="w-0 whitespace-nowrap">
              <Link href={`/${service}/builds/${build.number}`} className="tabular rounded font-medium text-accent hover:underline">
                #{build.number}
              </Link>
            </Td>
            <Td className="w-0">
              <StatusBadge status={build.status} />
            </Td>
            <Td>
              <TimeAgo at={build.startedAt ?? build.queuedAt} />
            </Td>
            <Td>
              <Duration from={build.startedAt} to={build.endedAt} />
            </Td>
            <Td className="hidden max-w-72 text-muted sm:table-cell">
              <Cause cause={build.cause} />
              {build.reason && (
                <p className="truncate text-faint text-xs" title={build.reason}>
                  <bdi>{build.reason}</bdi>
                </p>
              )}
              {build.reasonUnreadable && <CannotOpen className="text-xs" />}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}
