'use client'

import { ArrowLeftRight, LayoutDashboard, MailCheck, MailX } from 'lucide-react'
import Link from 'next/link'
import { signIn, signOut } from 'next-auth/react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { GoogleMark } from '@/components/accounts/google-mark.tsx'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import type { InvitationView } from '@/server/members/schema.ts'
import { InvitationAnswer } from './invitation-answer.tsx'
import { InvitationOffer } from './invitation-offer.tsx'

type View = Exclude<InvitationView, { state: 'member' }> | { state: 'tooMany' }

function Box({ title, icon, children }: { title: ReactNode; icon: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto mt-[8vh] w-full max-w-md rounded-lg border bg-surface p-6 sm:p-8">
      <span className="text-accent [&_svg]:size-9 [&_svg]:stroke-[1.5]">{icon}</span>
      <h1 className="mt-4 font-semibold text-xl tracking-tight [overflow-wrap:anywhere]">{title}</h1>
      <div className="mt-2 grid gap-4">{children}</div>
    </div>
  )
}

/** The way in that leads back to this invitation. */
function SignIn({ path, canSignIn }: { path: string; canSignIn: boolean }) {
  const t = useTranslations('invitation')
  const alive = useAlive()
  const [leaving, setLeaving] = useState(false)
  if (!canSignIn) {
    return (
      <Button asChild size="lg" className="w-full text-sm">
        <Link href="/sign-in">{t('otherWay')}</Link>
      </Button>
    )
  }
  const go = () => {
    setLeaving(true)
    signIn('google', { callbackUrl: path }).catch(() => setLeaving(false))
  }
  return (
    <Button size="lg" className="w-full text-sm" onClick={go} disabled={leaving || !alive}>
      <GoogleMark />
      {leaving ? t('leaving') : t('google')}
    </Button>
  )
}

function OtherAccount({ view, path }: { view: Extract<View, { state: 'other-account' }>; path: string }) {
  const t = useTranslations('invitation')
  const alive = useAlive()
  return (
    <Box title={t('other.title')} icon={<ArrowLeftRight aria-hidden />}>
      <p className="text-muted [overflow-wrap:anywhere]">{t('other.text', { email: view.email, yours: view.yours })}</p>
      <Button className="max-sm:w-full sm:justify-self-start" disabled={!alive} onClick={() => void signOut({ callbackUrl: path })}>
        {t('other.switch')}
      </Button>
    </Box>
  )
}

function Closed({ state }: { state: 'unknown' | 'expired' | 'used' | 'tooMany' | 'declined' }) {
  const t = useTranslations('invitation')
  return (
    <Box title={t(`${state}.title`)} icon={<MailX aria-hidden />}>
      <p className="text-muted">{t(`${state}.text`)}</p>
      <Button asChild className="max-sm:w-full sm:justify-self-start">
        <Link href="/dashboard">
          <LayoutDashboard aria-hidden />
          {t('dashboard')}
        </Link>
      </Button>
    </Box>
  )
}

/** What an invitation is to, and what can be done about it. */
export function InvitationCard({ view, secret, canSignIn }: { view: View; secret: string; canSignIn: boolean }) {
  const t = useTranslations('invitation')
  const [declined, setDeclined] = useState(false)
  const path = `/invitations/${secret}`
  if (declined) return <Closed state="declined" />
  if (view.state === 'other-account') return <OtherAccount view={view} path={path} />
  if (view.state !== 'open' && view.state !== 'sign-in') return <Closed state={view.state} />
  return (
    <Box title={t('heading', { service: view.service })} icon={<MailCheck aria-hidden />}>
      <InvitationOffer view={view} />
      {view.state === 'open' ? (
        <InvitationAnswer view={view} secret={secret} onDeclined={() => setDeclined(true)} />
      ) : (
        <>
          <p className="text-muted [overflow-wrap:anywhere]">{t('signIn', { email: view.email })}</p>
          <SignIn path={path} canSignIn={canSignIn} />
        </>
      )}
    </Box>
  )
}
