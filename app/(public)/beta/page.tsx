import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { SignInWay } from '@/components/accounts/sign-in-way.tsx'
import { BetaDesk } from '@/components/beta/beta-desk.tsx'
import { BetaSteps } from '@/components/beta/beta-steps.tsx'
import { Alive } from '@/components/client/alive.tsx'
import { load } from '@/components/client/load.ts'
import { Words } from '@/components/client/words.tsx'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { serverCaller } from '@/server/caller.ts'
import { env } from '@/server/core/env.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('beta')
  return { title: t('title'), description: t('intro') }
}

export default async function BetaPage() {
  const api = await serverCaller(await headers())
  const [me, t] = [await api.accounts.me(), await getTranslations('beta')]
  if (me?.approved) redirect(me.onboarded ? '/dashboard' : '/onboarding')
  const betaOpen = env().BETA_OPEN
  return (
    <div className="mx-auto grid max-w-4xl gap-8 py-6 sm:py-12 lg:grid-cols-[1fr_1.3fr] lg:gap-12">
      <div>
        <h1 className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">{t('title')}</h1>
        <p className="mt-3 text-muted text-base lg:mb-7">{t('intro')}</p>
        {/* On a phone, whoever has taken the first step finds the second one at once. */}
        <div className={me ? 'max-lg:hidden' : 'max-lg:mt-7'}>
          <BetaSteps betaOpen={betaOpen} />
        </div>
      </div>
      {me ? (
        <Alive words={['beta', 'duration']}>
          <BetaDesk first={await load('/beta', api.beta.mine())} name={me.name ?? ''} email={me.email} betaOpen={betaOpen} />
        </Alive>
      ) : (
        <Card className="self-start">
          <CardBody className="grid gap-4 p-5 sm:p-6">
            <div>
              <h2 className="font-semibold text-base">{t('signInTitle')}</h2>
              <p className="mt-1 text-muted">{t('signInText')}</p>
            </div>
            <Words of={['signIn']}>
              <SignInWay how={await api.accounts.signIn()} callbackUrl="/beta" />
            </Words>
          </CardBody>
        </Card>
      )}
    </div>
  )
}
