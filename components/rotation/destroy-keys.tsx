'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ShieldOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { toast } from 'sonner'
import { useByteText } from '@/components/artifacts/byte-size.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import type { ProjectRing } from '@/server/rotation/schema.ts'

/** What is lost for good, and what is not: whoever goes on has read both. */
function Consequences({ ring }: { ring: ProjectRing }) {
  const t = useTranslations('keys.destroy')
  const kinds = useTranslations('keys.sealed.kinds')
  const { openBuilds, serviceRuns } = ring.atStake
  const lost = ring.sealed.map(({ kind, rows, lost: gone }) => ({ kind, count: rows - gone })).filter(({ count }) => count > 0)
  return (
    <div className="grid gap-3 text-sm">
      {openBuilds.length > 0 && <Banner tone="bad">{t('builds', { numbers: openBuilds.map((number) => `#${number}`).join(', ') })}</Banner>}
      <div>
        <p className="text-muted">{t('among')}</p>
        <ul className="tabular mt-1 list-disc pl-5">
          {lost.map(({ kind, count }) => (
            <li key={kind}>{t('line', { kind: kinds(kind), count })}</li>
          ))}
        </ul>
      </div>
      {serviceRuns && <p>{t('runs')}</p>}
      <p>{t('backups')}</p>
      <p className="text-muted">{t('fresh')}</p>
    </div>
  )
}

function DestroyButton({ ring }: { ring: ProjectRing }) {
  const t = useTranslations('keys.destroy')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const alive = useAlive()
  const bytesOf = useByteText()
  const [typed, setTyped] = useState('')
  const { service, atStake } = ring
  const destroy = useMutation(
    trpc.rotation.destroy.mutationOptions({
      onSuccess: ({ keys, rows }) => {
        toast.success(t('done', { keys, rows }))
        // What was read of this project before stands in the browser still.
        return queries.invalidateQueries()
      },
    }),
  )
  return (
    <Confirm
      trigger={
        <Button variant="danger" disabled={destroy.isPending || !alive}>
          <ShieldOff aria-hidden />
          {t(destroy.isPending ? 'pending' : 'action')}
        </Button>
      }
      onOpenChange={() => setTyped('')}
      title={t('title', { service })}
      description={t('text', { rows: atStake.rows, bytes: bytesOf(atStake.bytes) })}
      cancel={t('cancel')}
      confirm={t('action')}
      ready={typed.trim() === service && atStake.openBuilds.length === 0}
      onConfirm={() => destroy.mutate({ service, confirm: typed.trim() })}
    >
      <Consequences ring={ring} />
      <Field label={t('type', { service })} className="mt-4">
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
      </Field>
    </Confirm>
  )
}

/** Where all keys of a project are destroyed. */
export function DestroyKeys({ ring }: { ring: ProjectRing }) {
  const t = useTranslations('keys.danger')
  const left = ring.keys.some(({ state }) => state !== 'DESTROYED')
  return (
    <Card className="border-bad/40">
      <CardHeader title={t('title')} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 p-4">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-medium">{t('name')}</p>
          <p className="text-muted">{t(left ? 'text' : 'nothing')}</p>
        </div>
        {left && <DestroyButton ring={ring} />}
      </div>
    </Card>
  )
}
