'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Textarea } from '@/components/ui/input.tsx'
import { applicationLimits, type Decision, decideInput } from '@/server/beta/schema.ts'

/** What is about to be decided. */
export interface Question {
  decision: Decision
  ids: string[]
  /** Whose application it is, where it is one. */
  name: string
}

/** Asks once more, and for words to the applicants. */
export function DecideDialog(props: { question: Question | null; onClose: () => void; onDecide: (message: string) => void }) {
  // What was written stays until it was sent, also where the dialog was closed by mistake.
  const [message, setMessage] = useState('')
  const t = useTranslations('applications')
  const { messageMax } = applicationLimits
  const checked = decideInput.shape.message.safeParse(message)
  const error = checked.success ? null : message.trim().length > messageMax ? t('dialog.tooLong', { max: messageMax }) : t('dialog.hidden')
  // While it closes, the dialog still says what it asked.
  const [last, setLast] = useState(props.question)
  if (props.question && props.question !== last) setLast(props.question)
  const { decision, ids, name } = props.question ?? last ?? { decision: 'approve' as const, ids: [], name: '' }
  return (
    <Confirm
      open={props.question !== null}
      onOpenChange={(open) => open || props.onClose()}
      title={t(`dialog.${decision}`, { count: ids.length, name })}
      description={t(`dialog.${decision}Text`)}
      cancel={t('dialog.cancel')}
      confirm={t(`${decision}Count`, { count: ids.length })}
      tone={decision === 'approve' ? 'primary' : 'danger'}
      ready={error === null}
      onConfirm={() => {
        props.onDecide(message.trim())
        setMessage('')
      }}
    >
      <Field
        label={t('dialog.message')}
        hint={t('dialog.hint')}
        error={error}
        aside={t('dialog.count', { used: message.length, max: messageMax })}
      >
        {(control) => <Textarea {...control} className="min-h-24" value={message} onChange={({ target }) => setMessage(target.value)} />}
      </Field>
    </Confirm>
  )
}
