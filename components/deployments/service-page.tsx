'use client'

import { useQuery } from '@tanstack/react-query'
import { BuildHistory } from '@/components/builds/build-history.tsx'
import { BuildNowButton } from '@/components/builds/build-now-button.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { useChanges } from '@/components/client/use-changes.ts'
import { IssueCard } from '@/components/projects/issue-card.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { OpenApp } from './open-app.tsx'
import { ServiceCard } from './service-card.tsx'
import { ServiceState } from './service-state.tsx'
import { ServiceSwitch } from './service-switch.tsx'

/** One service: does it run, how do its builds go, and what was it made from. */
export function ServicePage({ service }: { service: string }) {
  const trpc = useTRPC()
  const { data: project } = useQuery(trpc.projects.get.queryOptions({ service }))
  const { data: view, refetch } = useQuery({
    ...trpc.deployments.service.queryOptions({ service }),
    refetchInterval: ({ state }) => (state.data?.state === 'STARTING' ? 2_000 : 10_000),
  })
  useChanges([service], refetch)
  if (!project || !view) return null
  const maintains = project.role === 'OWNER' || project.role === 'MAINTAINER'
  return (
    <div className="grid grid-cols-1 gap-4">
      <PageHeader
        title={project.service}
        beside={<ServiceState state={view.state} />}
        meta={<bdi className="[overflow-wrap:anywhere]">{project.title}</bdi>}
        actions={
          <>
            {view.current && <OpenApp url={view.url} />}
            {maintains && <ServiceSwitch view={view} />}
            {maintains && <BuildNowButton service={service} />}
          </>
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
        <div className="min-w-0 lg:col-start-2">
          <ServiceCard view={view} />
        </div>
        <div className="min-w-0 lg:col-start-1 lg:row-span-2 lg:row-start-1">
          <BuildHistory service={service} />
        </div>
        <div className="min-w-0 lg:col-start-2">
          <IssueCard issue={project.issue} />
        </div>
      </div>
    </div>
  )
}
