'use client'

import { useQuery } from '@tanstack/react-query'
import { FolderPlus } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Table, Th } from '@/components/ui/table.tsx'
import type { Job } from '@/server/builds/schema.ts'
import { JobCard, JobRow } from './job-row.tsx'
import { isFinal } from './status.ts'

const moving = (jobs: Job[] | undefined) => jobs?.some((job) => (job.last && !isFinal(job.last.status)) || job.serviceState === 'STARTING')

/** Every project one can see, with its ball and its weather; it follows every change. */
export function JobList() {
  const t = useTranslations('dashboard')
  const { data: jobs = [], refetch } = useQuery({
    ...useTRPC().builds.jobs.queryOptions(),
    refetchInterval: ({ state }) => (moving(state.data) ? 3_000 : 15_000),
  })
  useChanges(
    jobs.map((job) => job.service),
    refetch,
  )
  if (jobs.length === 0) return <NoJobs />
  return (
    <Card className="overflow-hidden">
      <div className="hidden md:block">
        <Table>
          <thead className="bg-sunken">
            <tr>
              <Th>{t('columns.status')}</Th>
              <Th>{t('columns.weather')}</Th>
              <Th>{t('columns.name')}</Th>
              <Th>{t('columns.lastSuccess')}</Th>
              <Th>{t('columns.lastFailure')}</Th>
              <Th>{t('columns.lastDuration')}</Th>
              <Th>{t('columns.service')}</Th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <JobRow key={job.service} job={job} />
            ))}
          </tbody>
        </Table>
      </div>
      <ul className="divide-y md:hidden">
        {jobs.map((job) => (
          <JobCard key={job.service} job={job} />
        ))}
      </ul>
    </Card>
  )
}

function NoJobs() {
  const t = useTranslations('dashboard.empty')
  return (
    <Card>
      <EmptyState
        icon={<FolderPlus aria-hidden />}
        title={t('title')}
        action={
          <Button asChild variant="primary">
            <Link href="/projects/new">{t('action')}</Link>
          </Button>
        }
      >
        {t('text')}
      </EmptyState>
    </Card>
  )
}
