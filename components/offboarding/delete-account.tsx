'use client'

import { useQuery } from '@tanstack/react-query'
import { LoaderCircle, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import type { Answer, DeletionPreview } from '@/server/offboarding/schema.ts'
import { ProjectAnswers } from './project-answers.tsx'
import { confirmField, useLeaving } from './use-leaving.ts'

function LeavingForm({ preview }: { preview: DeletionPreview }) {
  const t = useTranslations('offboarding.account')
  const alive = useAlive()
  const { chosen, typed, errors, check, choose, type, send, busy } = useLeaving(preview)
  const [answers, setAnswers] = useState<Answer[] | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const checked = check()
    setAnswers(checked)
    if (!checked) requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  const count = (action: Answer['action']) => answers?.filter((answer) => answer.action === action).length ?? 0
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <ProjectAnswers projects={preview.projects} chosen={chosen} errors={errors} onChoose={choose} />
      {preview.left.length > 0 && (
        <p className="text-muted">
          {t('left')} {preview.left.map(({ service }) => service).join(', ')}
        </p>
      )}
      <Field label={t('confirm', { email: preview.email })} error={errors[confirmField]}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={({ target }) => type(target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" variant="danger" disabled={busy || !alive}>
          {busy ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Trash2 aria-hidden />}
          {busy ? t('pending') : t('action')}
        </Button>
      </div>
      <Confirm
        open={answers !== null}
        onOpenChange={(open) => open || setAnswers(null)}
        title={t('ask.title')}
        description={t('ask.text', { deleted: count('delete'), given: count('transfer') })}
        cancel={t('ask.cancel')}
        confirm={t('action')}
        onConfirm={() => answers && send(answers)}
      />
    </form>
  )
}

/** The end of one's account, and what becomes of the projects. */
export function DeleteAccount({ admin }: { admin: boolean }) {
  const t = useTranslations('offboarding.account')
  const { data: preview } = useQuery(useTRPC().offboarding.preview.queryOptions())
  if (!preview) return null
  const manage = (
    <Button asChild size="sm">
      <Link href="/admin/users">{t('manage')}</Link>
    </Button>
  )
  return (
    <Card className="border-bad/40">
      <CardHeader title={t('title')} />
      <CardBody className="grid gap-4">
        <p className="text-muted">{t('text')}</p>
        {preview.lastAdministrator ? (
          <Banner tone="warn" action={admin && manage}>
            {t('lastAdministrator')}
          </Banner>
        ) : (
          <LeavingForm preview={preview} />
        )}
      </CardBody>
    </Card>
  )
}
