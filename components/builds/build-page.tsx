'use client'

import { FileStack, ListChecks, SquareTerminal, Users } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { ArtifactBrowser } from '@/components/artifacts/artifact-browser.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs.tsx'
import type { BuildView } from '@/server/builds/schema.ts'
import { BuildHeader } from './build-header.tsx'
import { CriteriaTable } from './criteria-table.tsx'
import { RolesTable } from './roles-table.tsx'
import { StageGraph } from './stage-graph.tsx'
import { StageSteps } from './stage-steps.tsx'
import { isFinal } from './status.ts'
import { useBuild } from './use-build.ts'

const tabs = { console: SquareTerminal, criteria: ListChecks, artifacts: FileStack, roles: Users } as const
type TabName = keyof typeof tabs

// It lives by the size of its window and by the address's hash, which only the browser knows.
const Console = dynamic(() => import('@/components/streams/console.tsx').then((module) => module.Console), {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-none" />,
})

function TabCount({ children }: { children: ReactNode }) {
  return <span className="tabular rounded-full bg-idle-soft px-1.5 text-idle text-xs">{children}</span>
}

function BuildConsole({ build, stage, onClose }: { build: BuildView; stage: string | null; onClose: () => void }) {
  const chosen = build.stages.find(({ key }) => key === stage)
  return (
    <Card className="overflow-hidden">
      {chosen && <StageSteps stage={chosen} onClose={onClose} />}
      <Console
        key={chosen?.key ?? ''}
        service={build.service}
        streamId={build.streamId}
        tag={chosen?.key}
        rawHref={`/api/console/${build.service}/${build.number}${chosen ? `?stage=${encodeURIComponent(chosen.key)}` : ''}`}
        live={!isFinal(build.status)}
      />
    </Card>
  )
}

/** One build, live: how it stands, its stages, and below them its console and what it handed over. */
export function BuildPage({ service, number, initialTab }: { service: string; number: number; initialTab: string | null }) {
  const t = useTranslations('build.tabs')
  const { data: build } = useBuild(service, number)
  const [tab, setTab] = useState<TabName>(initialTab && initialTab in tabs ? (initialTab as TabName) : 'console')
  const [stage, setStage] = useState<string | null>(null)
  if (!build) return null
  const counts: Partial<Record<TabName, number>> = {
    criteria: build.criteria.length,
    artifacts: build.artifacts.length,
    roles: build.roles.length,
  }
  const choose = (key: string | null) => {
    setStage(key)
    setTab('console')
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <BuildHeader build={build} />
      <Card>
        <StageGraph stages={build.stages} selected={tab === 'console' ? stage : null} onSelect={choose} />
      </Card>
      <Tabs value={tab} onValueChange={(value) => setTab(value as TabName)}>
        <TabsList>
          {Object.entries(tabs).map(([name, Icon]) => (
            <Tab key={name} value={name}>
              <Icon aria-hidden />
              {t(name as TabName)}
              {counts[name as TabName] ? <TabCount>{counts[name as TabName]}</TabCount> : null}
            </Tab>
          ))}
        </TabsList>
        <TabPanel value="console">
          <BuildConsole build={build} stage={stage} onClose={() => setStage(null)} />
        </TabPanel>
        <TabPanel value="criteria">
          <Card>
            <CriteriaTable criteria={build.criteria} />
          </Card>
        </TabPanel>
        <TabPanel value="artifacts">
          <ArtifactBrowser service={service} number={number} artifacts={build.artifacts} />
        </TabPanel>
        <TabPanel value="roles">
          <Card>
            <RolesTable build={build} />
          </Card>
        </TabPanel>
      </Tabs>
    </div>
  )
}
