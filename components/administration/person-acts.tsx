'use client'

import { useMutation } from '@tanstack/react-query'
import { LogOut, ShieldCheck, ShieldOff, Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import type { PersonPage } from '@/server/administration/schema.ts'
import { ApproveButton } from './approve-button.tsx'
import { SuspendButton } from './suspend-button.tsx'
import { useReadAgain } from './use-act.ts'

type Dialog = 'restore' | 'appoint' | 'dismiss' | 'dismissSelf' | 'endAll'

/** A button that asks before it acts on a person. */
function Act(props: { dialog: Dialog; name: string; icon: ReactNode; busy: boolean; onConfirm: () => void }) {
  const t = useTranslations('users')
  const alive = useAlive()
  const action = t(`acts.${props.dialog === 'dismissSelf' ? 'dismiss' : props.dialog}`)
  return (
    <Confirm
      trigger={
        <Button disabled={!alive || props.busy}>
          {props.icon}
          {props.busy ? t('acts.pending') : action}
        </Button>
      }
      title={t(`${props.dialog}Dialog.title`, { name: props.name })}
      description={t(`${props.dialog}Dialog.text`)}
      cancel={t('acts.cancel')}
      confirm={action}
      onConfirm={props.onConfirm}
    />
  )
}

/** An administrator by ADMIN_EMAILS cannot be dismissed here; the button says so to whoever reaches it. */
function Listed() {
  const t = useTranslations('users')
  return (
    <Tooltip text={t('listedHint')}>
      <Button aria-disabled onClick={(event) => event.preventDefault()} className="aria-disabled:pointer-events-auto">
        <ShieldOff aria-hidden />
        {t('acts.dismiss')}
        <span className="sr-only">{t('listedHint')}</span>
      </Button>
    </Tooltip>
  )
}

function Rights({ person }: { person: PersonPage }) {
  const router = useRouter()
  const { administration } = useTRPC()
  const readAgain = useReadAgain()
  const appoint = useMutation(administration.appointAdmin.mutationOptions({ onSettled: readAgain }))
  const dismiss = useMutation(
    administration.dismissAdmin.mutationOptions({
      // Who has just left the administration may not read it any more.
      onSuccess: () => (person.self ? router.replace('/dashboard') : readAgain()),
      onError: readAgain,
    }),
  )
  const { id } = person
  const name = person.name ?? person.email
  if (person.admin === 'listed') return <Listed />
  if (person.admin === 'appointed') {
    const busy = dismiss.isPending
    const dialog = person.self ? 'dismissSelf' : 'dismiss'
    return <Act {...{ dialog, name, busy }} icon={<ShieldOff aria-hidden />} onConfirm={() => dismiss.mutate({ id })} />
  }
  if (person.state === 'suspended') return null
  return (
    <Act
      dialog="appoint"
      {...{ name }}
      busy={appoint.isPending}
      icon={<ShieldCheck aria-hidden />}
      onConfirm={() => appoint.mutate({ id })}
    />
  )
}

/** What an administrator may do to a person, as they stand. */
export function PersonActs({ person }: { person: PersonPage }) {
  const { administration } = useTRPC()
  const readAgain = useReadAgain()
  const restore = useMutation(administration.restore.mutationOptions({ onSettled: readAgain }))
  const endAll = useMutation(administration.endSessions.mutationOptions({ onSettled: readAgain }))
  const { id } = person
  const name = person.name ?? person.email
  return (
    <>
      {person.state === 'waiting' && <ApproveButton person={person} />}
      {person.sessions.length > 0 && (
        <Act dialog="endAll" name={name} busy={endAll.isPending} icon={<LogOut aria-hidden />} onConfirm={() => endAll.mutate({ id })} />
      )}
      <Rights person={person} />
      {person.state === 'suspended' ? (
        <Act dialog="restore" name={name} busy={restore.isPending} icon={<Undo2 aria-hidden />} onConfirm={() => restore.mutate({ id })} />
      ) : (
        !person.self && <SuspendButton person={person} />
      )}
    </>
  )
}
