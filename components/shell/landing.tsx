import { FileText, FlaskConical, Rocket, ScrollText } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'

const steps = { issue: FileText, crew: ScrollText, gate: FlaskConical, run: Rocket } as const

/** The front page: what it does, in four steps, and the way in. */
export function Landing({ signedIn }: { signedIn: boolean }) {
  const t = useTranslations('landing')
  return (
    <div className="mx-auto max-w-4xl py-8 sm:py-16">
      <h1 className="text-balance font-semibold text-3xl tracking-tight sm:text-5xl sm:leading-[1.1]">{t('title')}</h1>
      <p className="mt-5 max-w-2xl text-lg text-muted leading-relaxed">{t('text')}</p>
      <div className="mt-8 flex flex-wrap gap-3">
        <Button asChild variant="primary" size="lg">
          <Link href={signedIn ? '/dashboard' : '/sign-in'}>{signedIn ? t('dashboard') : t('signIn')}</Link>
        </Button>
      </div>
      <ol className="mt-14 grid gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-2">
        {Object.entries(steps).map(([name, Icon]) => (
          <li key={name} className="bg-surface p-5">
            <Icon aria-hidden className="size-5 text-accent" />
            <h2 className="mt-3 font-semibold">{t(`steps.${name as keyof typeof steps}.title`)}</h2>
            <p className="mt-1 text-muted">{t(`steps.${name as keyof typeof steps}.text`)}</p>
          </li>
        ))}
      </ol>
      <p className="mt-6 text-faint text-xs">{t('honest')}</p>
    </div>
  )
}
