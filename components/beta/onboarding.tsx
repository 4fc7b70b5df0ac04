'use client'

import { useMutation } from '@tanstack/react-query'
import { CalendarDays, Hammer, Link2, LoaderCircle, type LucideIcon, ReceiptText } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { samples } from '@/components/projects/samples.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { FieldError } from '@/components/ui/field.tsx'
import { leaveFor, useFirstProject } from './use-first-project.ts'

type Sample = (typeof samples)[number]
const icons: Record<Sample, LucideIcon> = { bookmarks: Link2, 'meeting-rooms': CalendarDays, 'split-expenses': ReceiptText }
const steps = ['crew', 'gate', 'run'] as const

/** The first project in two clicks: choose an issue, have it built. */
export function Onboarding() {
  const t = useTranslations('onboarding')
  const alive = useAlive()
  const [chosen, setChosen] = useState<Sample | null>(null)
  const [missing, setMissing] = useState(false)
  const errorId = useId()
  const { build, busy } = useFirstProject()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen) build(chosen)
    else setMissing(true)
  }
  return (
    <form onSubmit={submit} className="grid gap-6">
      <fieldset className="grid gap-3 sm:grid-cols-3" aria-describedby={missing ? errorId : undefined} disabled={busy}>
        <legend className="mb-3 font-semibold">{t('choose')}</legend>
        {samples.map((sample) => (
          <SampleCard
            key={sample}
            sample={sample}
            chosen={chosen === sample}
            onChoose={() => {
              setChosen(sample)
              setMissing(false)
            }}
          />
        ))}
      </fieldset>
      {missing && <FieldError id={errorId}>{t('missing')}</FieldError>}
      <Card>
        <CardBody>
          <h2 className="font-semibold text-sm">{t('next')}</h2>
          <ol className="mt-2 grid list-decimal gap-1 pl-5 text-muted marker:text-faint">
            {steps.map((step) => (
              <li key={step}>{t(`steps.${step}`)}</li>
            ))}
          </ol>
        </CardBody>
      </Card>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" size="lg" className="text-sm max-sm:w-full" disabled={busy || !alive}>
          {busy ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Hammer aria-hidden />}
          {t(busy ? 'building' : 'build')}
        </Button>
        <Leave to="/projects/new" className="">
          {t('own')}
        </Leave>
        <Leave to="/dashboard" className="sm:ml-auto">
          {t('skip')}
        </Leave>
      </div>
    </form>
  )
}

function SampleCard({ sample, chosen, onChoose }: { sample: Sample; chosen: boolean; onChoose: () => void }) {
  const t = useTranslations('onboarding')
  const Icon = icons[sample]
  return (
    <label
      className={cn(
        'flex cursor-pointer flex-col rounded-lg border bg-surface p-4 transition-colors hover:border-line-strong has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2',
        chosen && 'border-accent bg-accent-soft hover:border-accent',
      )}
    >
      <span className="flex items-center justify-between gap-2">
        <Icon aria-hidden className="size-5 text-accent" />
        <input
          type="radio"
          name="sample"
          value={sample}
          checked={chosen}
          onChange={onChoose}
          className="size-4 accent-accent outline-none"
        />
      </span>
      <span className="mt-3 font-semibold">{t(`samples.${sample}.title`)}</span>
      <span className="mt-1 text-muted">{t(`samples.${sample}.text`)}</span>
      <span className="mt-auto pt-3 text-muted text-xs">{t(`samples.${sample}.language`)}</span>
    </label>
  )
}

/** Passes the introduction over. */
function Leave({ to, className, children }: { to: string; className: string; children: ReactNode }) {
  const alive = useAlive()
  const finish = useMutation(useTRPC().accounts.finishOnboarding.mutationOptions({ onSuccess: () => leaveFor(to) }))
  return (
    <Button variant="ghost" className={className} disabled={finish.isPending || finish.isSuccess || !alive} onClick={() => finish.mutate()}>
      {children}
    </Button>
  )
}
