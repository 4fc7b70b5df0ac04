import { useTranslations } from 'next-intl'
import { feedbackLimits } from '@/server/feedback/schema.ts'
import { outboxDays } from '@/server/notifications/schema.ts'
import { tokenLimits } from '@/server/tokens/schema.ts'

const sections = ['account', 'sessions', 'application', 'projects', 'mail', 'audit', 'tokens', 'feedback', 'traces', 'browser'] as const

interface Props {
  /** What an operator has set: how long the audit log reaches back, and how many builds of a project are kept. */
  auditDays: number
  builds: number
  /** Mails stay on this server. */
  mailStays: boolean
}

/** What is kept of a person, for how long, and how it is deleted; the figures are those the product goes by. */
export function Privacy({ auditDays, builds, mailStays }: Props) {
  const t = useTranslations('privacy')
  const figures = {
    audit: auditDays,
    builds,
    mails: outboxDays,
    tokens: tokenLimits.keptAfterExpiryDays,
    feedback: feedbackLimits.keptDays,
  }
  return (
    <article className="mx-auto max-w-2xl py-6 sm:py-12">
      <h1 className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">{t('title')}</h1>
      <p className="mt-3 text-base text-muted">{t('intro')}</p>
      <div className="mt-8 grid gap-7">
        {sections.map((section) => (
          <section key={section}>
            <h2 className="font-semibold text-base">{t(`sections.${section}.title`)}</h2>
            <p className="mt-1 leading-relaxed">{t(`sections.${section}.text`)}</p>
            {section === 'mail' && mailStays && <p className="mt-1 leading-relaxed">{t('sections.mail.embedded')}</p>}
            {section !== 'browser' && (
              <p className="mt-1.5 text-muted">
                <span className="font-medium">{t('keptLabel')}</span> · {t(`sections.${section}.kept`, figures)}
              </p>
            )}
          </section>
        ))}
        <section className="rounded-lg border bg-surface p-5">
          <h2 className="font-semibold text-base">{t('rights.title')}</h2>
          <p className="mt-1 leading-relaxed">{t('rights.text')}</p>
          <p className="mt-3 flex flex-wrap gap-x-5 gap-y-2">
            <a className="rounded text-accent underline underline-offset-2" href="/account/data">
              {t('rights.account')}
            </a>
            <a className="rounded text-accent underline underline-offset-2" href="/feedback?page=/privacy">
              {t('rights.feedback')}
            </a>
          </p>
        </section>
      </div>
    </article>
  )
}
