'use client'

import { useQuery } from '@tanstack/react-query'
import { PartyPopper } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import type { Mine } from '@/server/beta/schema.ts'
import { ApplicationForm } from './application-form.tsx'
import { Rejected } from './rejected.tsx'
import { Waiting } from './waiting.tsx'

/** A decision is seen this soon without a reload. */
const askAgainMs = 4_000

interface Props {
  /** What the page has read of the caller's standing. */
  first: Mine
  name: string
  email: string
  betaOpen: boolean
}

/** Where the signed-in person stands: the form, the waiting list, or what was decided; it changes by itself. */
export function BetaDesk({ first, name, email, betaOpen }: Props) {
  const t = useTranslations('beta')
  const { data: mine = first } = useQuery({
    ...useTRPC().beta.mine.queryOptions(),
    initialData: first,
    refetchInterval: ({ state }) => (state.data?.state === 'open' ? askAgainMs : false),
  })
  const mayApply = mine.state === 'none' || (mine.state === 'rejected' && Date.parse(mine.mayApplyAt) <= Date.now())
  return (
    <div className="grid content-start gap-5">
      {/* Whoever cannot see the page change is told. */}
      <p role="status" className="sr-only">
        {mine.state !== first.state && (mine.state === 'approved' || mine.state === 'rejected') && t('changed')}
      </p>
      {mine.state === 'open' && <Waiting mine={mine} email={email} />}
      {mine.state === 'approved' && <Welcome />}
      {mine.state === 'rejected' && <Rejected mine={mine} mayApply={mayApply} />}
      {mayApply && (
        <Card>
          <CardBody className="p-5 sm:p-6">
            <ApplicationForm name={name} email={email} mine={mine} betaOpen={betaOpen} />
          </CardBody>
        </Card>
      )}
    </div>
  )
}

function Welcome() {
  const t = useTranslations('beta.approved')
  return (
    <Card>
      <EmptyState
        icon={<PartyPopper aria-hidden />}
        title={t('title')}
        action={
          // A new page, not a part of one: what was drawn for somebody who had to wait is drawn anew.
          <Button asChild variant="primary" size="lg">
            <a href="/onboarding">{t('start')}</a>
          </Button>
        }
      >
        {t('text')}
      </EmptyState>
    </Card>
  )
}
