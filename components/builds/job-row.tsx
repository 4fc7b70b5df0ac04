'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { ServiceState } from '@/components/deployments/service-state.tsx'
import { Td, Tr } from '@/components/ui/table.tsx'
import { Duration, TimeAgo } from '@/components/ui/time.tsx'
import type { Job, JobBuild } from '@/server/builds/schema.ts'
import { StatusBadge } from './status-icon.tsx'
import { Weather } from './weather.tsx'

/** A build as "12 minutes ago, #7"; a dash where there is none. */
function BuildTime({ service, build }: { service: string; build: JobBuild | null }) {
  if (!build) return <span className="text-faint">–</span>
  return (
    <span className="tabular inline-flex items-baseline gap-1.5 whitespace-nowrap">
      <TimeAgo at={build.endedAt ?? build.queuedAt} />
      <Link href={`/${service}/builds/${build.number}`} className="rounded text-faint text-xs hover:text-accent hover:underline">
        #{build.number}
      </Link>
    </span>
  )
}

function LastStatus({ job }: { job: Job }) {
  if (!job.last) return <StatusBadge status="NOT_BUILT" />
  return (
    <Link href={`/${job.service}/builds/${job.last.number}`} className="rounded-full">
      <StatusBadge status={job.last.status} />
    </Link>
  )
}

function JobName({ job }: { job: Job }) {
  return (
    <div className="min-w-0">
      <Link href={`/${job.service}`} className="rounded font-medium hover:text-accent hover:underline">
        {job.service}
      </Link>
      <p className="truncate text-faint text-xs">{job.title}</p>
    </div>
  )
}

/** A project's line in the list of a wide screen. */
export function JobRow({ job }: { job: Job }) {
  return (
    <Tr className="hover:bg-sunken/60">
      <Td className="w-0">
        <LastStatus job={job} />
      </Td>
      <Td className="w-0">
        <Weather share={job.weather} />
      </Td>
      <Td className="max-w-80">
        <JobName job={job} />
      </Td>
      <Td>
        <BuildTime service={job.service} build={job.lastSuccess} />
      </Td>
      <Td>
        <BuildTime service={job.service} build={job.lastFailure} />
      </Td>
      <Td>{job.last ? <Duration from={job.last.startedAt} to={job.last.endedAt} /> : '–'}</Td>
      <Td className="w-0">
        <ServiceState state={job.serviceState} />
      </Td>
    </Tr>
  )
}

/** The same on a phone, where seven columns have no room. */
export function JobCard({ job }: { job: Job }) {
  const t = useTranslations('dashboard.columns')
  return (
    <li className="grid grid-cols-1 gap-2 px-4 py-3">
      <div className="flex items-start justify-between gap-3">
        <JobName job={job} />
        <LastStatus job={job} />
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <Weather share={job.weather} />
        <ServiceState state={job.serviceState} />
        {job.last && <Duration className="text-muted" from={job.last.startedAt} to={job.last.endedAt} />}
      </div>
      <dl className="grid grid-cols-2 gap-2 text-xs">
        {(['lastSuccess', 'lastFailure'] as const).map((which) => (
          <div key={which}>
            <dt className="text-faint">{t(which)}</dt>
            <dd>
              <BuildTime service={job.service} build={job[which]} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}
