'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { FolderPlus, SearchX } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { SearchField } from '@/components/ui/search-field.tsx'
import { Table, Th } from '@/components/ui/table.tsx'
import { type Job, jobsLimit } from '@/server/builds/schema.ts'
import { JobCard, JobRow } from './job-row.tsx'
import { isFinal } from './status.ts'

const moving = (jobs: Job[] | undefined) => jobs?.some((job) => (job.last && !isFinal(job.last.status)) || job.serviceState === 'STARTING')

/** So many are seen at one look; beyond, one looks for them by name. */
const seenAtOnce = 10

function useJobs(search: string) {
  const { data, refetch } = useQuery({
    ...useTRPC().builds.jobs.queryOptions(search ? { search } : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (moving(state.data) ? 3_000 : 15_000),
  })
  const jobs = data ?? []
  useChanges(
    jobs.map((job) => job.service),
    refetch,
  )
  return jobs
}

/** Every project one can see, the newest first, with its ball and its weather; it follows every change. */
export function JobList() {
  const t = useTranslations('dashboard')
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim(), 200)
  const jobs = useJobs(search)
  const searched = search !== '' || typed !== ''
  if (jobs.length === 0 && !searched) return <NoJobs />
  return (
    <Card className="overflow-hidden">
      {(searched || jobs.length > seenAtOnce) && <JobSearch typed={typed} onType={setTyped} full={jobs.length === jobsLimit} />}
      {jobs.length === 0 && <EmptyState icon={<SearchX aria-hidden />} title={t('noneLike')} />}
      {jobs.length > 0 && <Jobs jobs={jobs} />}
    </Card>
  )
}

function JobSearch({ typed, onType, full }: { typed: string; onType: (typed: string) => void; full: boolean }) {
  const t = useTranslations('dashboard')
  return (
    <div className="grid gap-1.5 border-b px-4 py-3">
      <SearchField label={t('search')} value={typed} onChange={onType} />
      {full && <p className="text-faint text-xs">{t('onlyNewest', { count: jobsLimit })}</p>}
    </div>
  )
}

function Jobs({ jobs }: { jobs: Job[] }) {
  const t = useTranslations('dashboard')
  return (
    <>
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
    </>
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
