'use client'

import { FlaskConical } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'

export const samples = ['bookmarks', 'meeting-rooms', 'split-expenses'] as const

/** Reads a sample issue, as GitHub's webhook would send it. */
export async function fetchSample(name: string): Promise<{ title: string; body: string }> {
  const response = await fetch(`/samples/${name}.json`)
  if (!response.ok) throw new Error(`the sample answers ${response.status}`)
  const { issue } = (await response.json()) as { issue: { title: string; body: string | null } }
  return { title: issue.title, body: issue.body ?? '' }
}

/** Real issues to start with, one click each. */
export function Samples(props: { onPick: (sample: { title: string; body: string }) => void; onError: (error: unknown) => void }) {
  const alive = useAlive()
  const t = useTranslations('newProject.samples')
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="inline-flex items-center gap-1.5 text-muted">
        <FlaskConical aria-hidden className="size-4" />
        {t('label')}
      </span>
      {samples.map((name) => (
        <Button key={name} size="sm" disabled={!alive} onClick={() => fetchSample(name).then(props.onPick, props.onError)}>
          {t(name)}
        </Button>
      ))}
    </div>
  )
}
