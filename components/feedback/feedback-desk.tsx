'use client'

import { CircleCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { FeedbackForm } from './feedback-form.tsx'
import { useFeedbackDraft } from './use-feedback-draft.ts'

/** The form as a page of its own, for pages without the button. */
export function FeedbackDesk({ page, signedIn }: { page: string; signedIn: boolean }) {
  const t = useTranslations('feedback')
  const draft = useFeedbackDraft(page)
  const [sent, setSent] = useState(false)
  if (!sent) {
    return (
      <Card>
        <CardBody className="p-5 sm:p-6">
          <FeedbackForm draft={draft} signedIn={signedIn} onSent={() => setSent(true)} />
        </CardBody>
      </Card>
    )
  }
  const actions = (
    <>
      <Button asChild variant="primary">
        <a href={page}>{t('back')}</a>
      </Button>
      <Button onClick={() => setSent(false)}>{t('another')}</Button>
    </>
  )
  return (
    <Card>
      <div role="status">
        <EmptyState icon={<CircleCheck aria-hidden className="text-ok" />} title={t('sentTitle')} action={actions}>
          {t('sent')}
        </EmptyState>
      </div>
    </Card>
  )
}
