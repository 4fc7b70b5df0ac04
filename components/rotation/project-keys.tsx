'use client'

import { useTranslations } from 'next-intl'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { DestroyKeys } from './destroy-keys.tsx'
import { KeyRing } from './key-ring.tsx'
import { RotateButton } from './rotate-button.tsx'
import { RoundCard } from './round-card.tsx'
import { SealedTable } from './sealed-table.tsx'
import { StaleNote } from './stale-note.tsx'
import { useProjectRing } from './use-ring.ts'

/** The keys of a project: what they seal, their rotation, and their end. */
export function ProjectKeys({ service }: { service: string }) {
  const t = useTranslations('keys')
  const { ring: query, rotate, reseal, cancel } = useProjectRing(service)
  const ring = query.data
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-4">
      <PageHeader title={t('title')} meta={t('intro')} actions={<RotateButton pending={rotate.pending} onRotate={rotate.start} />} />
      {query.isError && <Failed again={() => void query.refetch()} />}
      {ring && (
        <>
          <StaleNote ring={ring} pending={reseal.pending} onReseal={reseal.start} />
          {ring.round && <RoundCard round={ring.round} cancelling={cancel.pending} onCancel={cancel.start} />}
          <KeyRing title={t('ring.title')} keys={ring.keys} />
          <SealedTable sealed={ring.sealed} />
          <DestroyKeys ring={ring} />
        </>
      )}
    </div>
  )
}

/** Says that the keys could not be read, above what was read before. */
export function Failed({ again }: { again: () => void }) {
  const t = useTranslations('keys')
  return (
    <Banner
      tone="bad"
      action={
        <Button size="sm" onClick={again}>
          {t('again')}
        </Button>
      }
    >
      {t('failed')}
    </Banner>
  )
}
