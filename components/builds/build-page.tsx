'use client'

import { FileStack, ListChecks, SquareTerminal, Users } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useRef, useState } from 'react'
import { ArtifactBrowser } from '@/components/artifacts/artifact-browser.tsx'
import { makePart } from '@/components/client/part.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { Tab, TabPanel, Tabs, TabsList } from '@/components/ui/tabs.tsx'
import type { BuildView } from '@/server/builds/schema.ts'
import { BuildHeader } from './build-header.tsx'
import { CriteriaTable } from './criteria-table.tsx'
import { reviewName } from './review-stop.tsx'
import { RolesTable } from './roles-table.tsx'
import { StageGraph } from './stage-graph.tsx'
import { StageSteps } from './stage-steps.tsx'
import { isFinal } from './status.ts'
import { useBuild } from './use-build.ts'

const tabs = { console: SquareTerminal, criteria: ListChecks, artifacts: FileStack, roles: Users } as const
type TabName = keyof typeof tabs

// It lives by the size of its window and by the address's hash, which only the browser knows.
const Console = makePart(() => import('@/components/streams/console.tsx').then((module) => module.Console), {
  waiting: <Skeleton className="h-96 rounded-none" />,
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

interface Shown {
  tab: TabName
  /** The stage whose console is shown, and the artifact that is read; null until one is chosen. */
  stage: string | null
  artifact: string | null
}

/** All that a build has to show, one part at a time. */
function BuildTabs({ build, shown, show }: { build: BuildView; shown: Shown; show: (part: Partial<Shown>) => void }) {
  const t = useTranslations('build.tabs')
  const { service, number, artifacts, criteria, roles } = build
  const counts: Partial<Record<TabName, number>> = { criteria: criteria.length, artifacts: artifacts.length, roles: roles.length }
  return (
    <Tabs value={shown.tab} onValueChange={(value) => show({ tab: value as TabName })}>
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
        <BuildConsole build={build} stage={shown.stage} onClose={() => show({ stage: null })} />
      </TabPanel>
      <TabPanel value="criteria">
        <Card>
          <CriteriaTable criteria={criteria} unreadable={build.criteriaUnreadable} />
        </Card>
      </TabPanel>
      <TabPanel value="artifacts">
        <ArtifactBrowser {...{ service, number, artifacts }} name={shown.artifact} onChoose={(artifact) => show({ artifact })} />
      </TabPanel>
      <TabPanel value="roles">
        <Card>
          <RolesTable build={build} />
        </Card>
      </TabPanel>
    </Tabs>
  )
}

interface Props {
  service: string
  number: number
  initialTab: string | null
  initialArtifact?: string | null
}

/** One build, live: how it stands, its stages, and below them its console and what it handed over. */
export function BuildPage({ service, number, initialTab, initialArtifact = null }: Props) {
  const { data: build } = useBuild(service, number)
  const tab = initialTab && initialTab in tabs ? (initialTab as TabName) : 'console'
  const [shown, setShown] = useState<Shown>({ tab, stage: null, artifact: initialArtifact })
  const show = (part: Partial<Shown>) => setShown((before) => ({ ...before, ...part }))
  const below = useRef<HTMLDivElement>(null)
  const openReview = () => {
    show({ tab: 'artifacts', artifact: reviewName })
    below.current?.scrollIntoView()
  }
  if (!build) return null
  return (
    <div className="grid grid-cols-1 gap-4">
      <BuildHeader build={build} onReview={openReview} />
      <Card>
        <StageGraph
          stages={build.stages}
          selected={shown.tab === 'console' ? shown.stage : null}
          onSelect={(stage) => show({ tab: 'console', stage })}
        />
      </Card>
      <div ref={below} className="scroll-mt-20">
        <BuildTabs build={build} shown={shown} show={show} />
      </div>
    </div>
  )
}
