'use client'

import { Download, FileBox } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { Card } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'
import { ArtifactPreview } from './artifact-preview.tsx'
import { ByteSize } from './byte-size.tsx'
import { type Artifact, inOrder } from './kinds.ts'

/** Where an artifact is downloaded from; names may hold slashes. */
const hrefOf = (service: string, number: number, name: string) =>
  `/api/artifacts/${service}/${number}/${name.split('/').map(encodeURIComponent).join('/')}`

/** What a build handed over: a list, and the chosen one to read; the first one until one is chosen. */
export function ArtifactBrowser(props: {
  service: string
  number: number
  artifacts: Artifact[]
  name: string | null
  onChoose: (name: string) => void
}) {
  const { service, number, artifacts: unordered, name } = props
  const t = useTranslations('artifacts')
  const artifacts = useMemo(() => inOrder(unordered), [unordered])
  const chosen = artifacts.find((artifact) => artifact.name === name) ?? artifacts[0]
  if (!chosen) {
    return (
      <Card>
        <EmptyState icon={<FileBox aria-hidden />} title={t('empty')} />
      </Card>
    )
  }
  return (
    <Card className="grid grid-cols-1 md:grid-cols-[17rem_minmax(0,1fr)]">
      <ul aria-label={t('list')} className="max-h-56 overflow-y-auto border-b p-2 md:max-h-none md:border-r md:border-b-0">
        {artifacts.map((artifact) => (
          <li key={artifact.id}>
            <button
              type="button"
              aria-pressed={artifact === chosen}
              onClick={() => props.onChoose(artifact.name)}
              className={cn(
                'flex w-full items-baseline justify-between gap-2 rounded-md px-2 py-1.5 text-left hover:bg-sunken',
                artifact === chosen && 'bg-accent-soft text-accent hover:bg-accent-soft',
              )}
            >
              <span className="min-w-0 [overflow-wrap:anywhere]">{artifact.name}</span>
              <span className="shrink-0 text-faint text-xs">
                <ByteSize bytes={artifact.size} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="min-w-0">
        <div className="flex flex-wrap items-center justify-between gap-2 border-b px-4 py-2">
          <h2 className="min-w-0 font-medium font-mono text-xs [overflow-wrap:anywhere]">{chosen.name}</h2>
          <a
            href={hrefOf(service, number, chosen.name)}
            download
            className="inline-flex items-center gap-1.5 rounded text-accent text-xs hover:underline"
          >
            <Download aria-hidden className="size-3.5" />
            {t('download')}
          </a>
        </div>
        <Scroller className="max-h-[75dvh] overflow-auto p-4">
          <ArtifactPreview key={chosen.id} service={service} number={number} artifact={chosen} />
        </Scroller>
      </div>
    </Card>
  )
}
