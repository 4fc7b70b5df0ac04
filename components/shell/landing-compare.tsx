import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'

/** What a team uses for the same work now, and how far Maestro is with it. */
const rows = { jenkins: true, deploys: true, tests: true, sentry: false, grafana: false } as const

/** Beside the tools that a team has today: what of their work is done here already, and what is not yet. */
export function LandingCompare() {
  const t = useTranslations('landing.compare')
  return (
    <section>
      <h2 className="font-semibold text-xl tracking-tight sm:text-2xl">{t('title')}</h2>
      <p className="mt-3 max-w-2xl text-base text-muted leading-relaxed">{t('text')}</p>
      <dl className="mt-6 divide-y overflow-hidden rounded-lg border bg-surface">
        {Object.entries(rows).map(([name, done]) => (
          <div key={name} className="grid gap-x-6 gap-y-1 px-5 py-4 sm:grid-cols-[12rem_1fr_auto]">
            <dt className="font-medium">{t(`rows.${name as keyof typeof rows}.tool`)}</dt>
            <dd className="text-muted">{t(`rows.${name as keyof typeof rows}.here`)}</dd>
            <dd>
              <Badge tone={done ? 'ok' : 'idle'}>{t(done ? 'today' : 'coming')}</Badge>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
