'use client'

import { Check, ChevronRight, LoaderCircle, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId } from 'react'
import { Badge, type Tone } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Td, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Application, ApplicationStatus, Decision } from '@/server/beta/schema.ts'
import { ApplicationDetails } from './application-details.tsx'
import type { Selection } from './use-selection.ts'

const tones: Record<ApplicationStatus, Tone> = { OPEN: 'accent', APPROVED: 'ok', REJECTED: 'bad' }

interface Props {
  application: Application
  selection: Selection
  /** What is being decided about it just now. */
  underWay: Decision | undefined
  open: boolean
  onToggle: () => void
  onAsk: (decision: Decision) => void
}

/** One application: who, since when, what can be done; all of it below, once it is opened. */
export function ApplicationRow({ application, selection, underWay, open, onToggle, onAsk }: Props) {
  const sizes = useTranslations('beta.form.teamSize.sizes')
  const detailsId = useId()
  const { id, name, company, teamSize, createdAt, status } = application
  const decidable = status === 'OPEN' && !underWay
  return (
    <>
      <Tr className={cn(selection.has(id) && decidable && 'bg-accent-soft', underWay && 'opacity-70')} aria-busy={underWay !== undefined}>
        <Td className="w-8">{decidable && <Choice id={id} name={name} selection={selection} />}</Td>
        <Td className="max-w-0 sm:max-w-xs">
          <Person application={application} open={open} detailsId={detailsId} onToggle={onToggle} />
        </Td>
        <Td className="hidden max-w-48 truncate lg:table-cell">
          <bdi>{company || '–'}</bdi>
        </Td>
        <Td className="hidden whitespace-nowrap md:table-cell">{sizes(teamSize)}</Td>
        <Td className="text-muted">
          <TimeAgo at={createdAt} />
        </Td>
        <Td className="hidden sm:table-cell">
          {decidable ? <Actions name={name} onAsk={onAsk} /> : <State status={status} underWay={underWay} />}
        </Td>
      </Tr>
      {open && (
        <tr id={detailsId}>
          <td colSpan={6} className="border-t bg-sunken">
            <ApplicationDetails application={application}>
              <div className="sm:hidden">
                {decidable ? <Actions name={name} onAsk={onAsk} /> : <State status={status} underWay={underWay} />}
              </div>
            </ApplicationDetails>
          </td>
        </tr>
      )}
    </>
  )
}

function Choice({ id, name, selection }: { id: string; name: string; selection: Selection }) {
  return (
    <input
      type="checkbox"
      data-row
      className="block size-4 accent-accent"
      aria-label={useTranslations('applications')('select', { name })}
      checked={selection.has(id)}
      // The click says whether Shift was held, also where a key made it.
      onChange={() => undefined}
      onClick={(event) => selection.onClick(id, event)}
    />
  )
}

function Person(props: { application: Application; open: boolean; detailsId: string; onToggle: () => void }) {
  const { name, email } = props.application
  return (
    <button
      type="button"
      aria-expanded={props.open}
      aria-controls={props.detailsId}
      onClick={props.onToggle}
      className="flex w-full items-center gap-2 rounded text-left"
    >
      <ChevronRight aria-hidden className={cn('size-4 shrink-0 text-faint transition-transform', props.open && 'rotate-90')} />
      <span className="min-w-0">
        <bdi className="block truncate font-medium">{name}</bdi>
        <bdi className="block truncate text-muted text-xs">{email}</bdi>
      </span>
    </button>
  )
}

function Actions({ name, onAsk }: { name: string; onAsk: (decision: Decision) => void }) {
  const t = useTranslations('applications')
  return (
    <div className="flex gap-2">
      <Button size="sm" variant="primary" onClick={() => onAsk('approve')}>
        <Check aria-hidden />
        {t('approve')}
        <bdi className="sr-only">{name}</bdi>
      </Button>
      <Button size="sm" onClick={() => onAsk('reject')}>
        <X aria-hidden />
        {t('reject')}
        <bdi className="sr-only">{name}</bdi>
      </Button>
    </div>
  )
}

function State({ status, underWay }: { status: ApplicationStatus; underWay: Decision | undefined }) {
  const t = useTranslations('applications')
  if (!underWay) return <Badge tone={tones[status]}>{t(`status.${status}`)}</Badge>
  return (
    <Badge tone="run">
      <LoaderCircle aria-hidden className="animate-spin-slow" />
      {t(underWay === 'approve' ? 'approving' : 'rejecting')}
    </Badge>
  )
}
