'use client'

import { useMutation } from '@tanstack/react-query'
import { CircleSlash } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Textarea } from '@/components/ui/input.tsx'
import { type PersonPage, reasonMax, suspendInput } from '@/server/administration/schema.ts'
import { useReadAgain } from './use-act.ts'

/** Locks a person out, once the reason is written; what was written stays until that has worked. */
export function SuspendButton({ person }: { person: PersonPage }) {
  const t = useTranslations('users')
  const alive = useAlive()
  const readAgain = useReadAgain()
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const suspend = useMutation(useTRPC().administration.suspend.mutationOptions({ onSuccess: () => setReason(''), onSettled: readAgain }))
  const input = { id: person.id, reason }
  const ready = suspendInput.safeParse(input).success
  const problem = reason.trim() ? t('suspendDialog.tooLong', { max: reasonMax }) : t('suspendDialog.missing')
  return (
    <Confirm
      trigger={
        <Button variant="danger" disabled={!alive || suspend.isPending}>
          <CircleSlash aria-hidden />
          {suspend.isPending ? t('acts.pending') : t('acts.suspend')}
        </Button>
      }
      title={t('suspendDialog.title', { name: person.name ?? person.email })}
      description={t('suspendDialog.text')}
      cancel={t('acts.cancel')}
      confirm={t('acts.suspend')}
      ready={ready}
      onConfirm={() => suspend.mutate(input)}
    >
      <Field
        label={t('suspendDialog.reason')}
        hint={t('suspendDialog.reasonHint')}
        error={touched && !ready ? problem : null}
        aside={`${reason.trim().length}/${reasonMax}`}
      >
        {(control) => (
          <Textarea
            {...control}
            className="min-h-20"
            value={reason}
            onBlur={() => setTouched(reason !== '')}
            onChange={({ target }) => {
              setReason(target.value)
              setTouched(true)
            }}
          />
        )}
      </Field>
    </Confirm>
  )
}
