'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Otherwise } from '@/components/client/part.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { architectureSchema, reportSchema, reviewSchema, specificationSchema, tasksSchema } from '@/server/crews/schema.ts'
import { ArchitectureView } from './architecture-view.tsx'
import { DiffView } from './diff-view.tsx'
import { type Artifact, type ArtifactKind, kindOf } from './kinds.ts'
import { ReviewView } from './review-view.tsx'
import { SpecificationView } from './specification-view.tsx'
import { TasksView } from './tasks-view.tsx'
import { TestReport } from './test-report.tsx'

const Markdown = dynamic(() => import('./markdown.tsx').then((module) => module.Markdown))

const testListSchema = reportSchema.shape.tests.transform((tests) => ({ tests }))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function Plain({ text }: { text: string }) {
  return <pre className="whitespace-pre-wrap font-mono text-xs leading-5 [overflow-wrap:anywhere]">{text}</pre>
}

/** A document drawn as what its schema says it is, or null where it does not fit. */
function Drawn({ kind, json, otherwise }: { kind: ArtifactKind; json: unknown; otherwise: ReactNode }) {
  if (kind === 'specification') {
    const { data } = specificationSchema.safeParse(json)
    if (data) return <SpecificationView specification={data} />
  }
  if (kind === 'architecture') {
    const { data } = architectureSchema.safeParse(json)
    if (data) return <ArchitectureView architecture={data} />
  }
  if (kind === 'tasks') {
    const { data } = tasksSchema.or(tasksSchema.shape.tasks.transform((tasks) => ({ tasks }))).safeParse(json)
    if (data) return <TasksView tasks={data.tasks} />
  }
  if (kind === 'report') {
    const { data } = reportSchema.or(testListSchema).safeParse(json)
    if (data) return <TestReport tests={data.tests} />
  }
  if (kind === 'review') {
    const { data } = reviewSchema.safeParse(json)
    if (data) return <ReviewView review={data} />
  }
  return otherwise
}

/** An artifact's text in the form that suits it; whatever does not fit its schema is shown as it is. */
function Shown({ artifact, text, cut }: { artifact: Artifact; text: string; cut: boolean }) {
  const kind = kindOf(artifact)
  if (kind === 'diff') return <DiffView text={text} />
  if (kind === 'markdown')
    return (
      <Otherwise simpler={<Plain text={text} />}>
        <Markdown text={text} />
      </Otherwise>
    )
  if (kind === 'text' || cut) return <Plain text={text} />
  const json = parsed(text)
  if (json === undefined) return <Plain text={text} />
  return <Drawn kind={kind} json={json} otherwise={<Plain text={JSON.stringify(json, null, 2)} />} />
}

/** What stands for a document without a text. */
function Unshown({ unreadable }: { unreadable: boolean }) {
  const t = useTranslations('artifacts')
  return unreadable ? <CannotOpen what="file" /> : <p className="text-muted">{t('binary')}</p>
}

/** One artifact to read on the page; what is no text can only be downloaded. */
export function ArtifactPreview({ service, number, artifact }: { service: string; number: number; artifact: Artifact }) {
  const t = useTranslations('artifacts')
  const readable = kindOf(artifact) !== 'binary'
  const { data, error } = useQuery({
    ...useTRPC().artifacts.text.queryOptions({ service, number, name: artifact.name }),
    enabled: readable,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!readable) return <p className="text-muted">{t('binary')}</p>
  if (error) return <Banner tone="bad">{t('failed')}</Banner>
  if (!data) return <Skeleton className="h-64" />
  return (
    <>
      {data.cut && (
        <Banner tone="info" className="mb-4">
          {t('truncated')}
        </Banner>
      )}
      {data.text === null ? <Unshown unreadable={data.unreadable} /> : <Shown artifact={artifact} text={data.text} cut={data.cut} />}
    </>
  )
}
