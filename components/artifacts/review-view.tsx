'use client'

import { Bot, CircleCheck, CircleHelp, LoaderCircle, OctagonX } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge.tsx'
import { Banner } from '@/components/ui/banner.tsx'
import { severities } from '@/server/ai/schema.ts'
import type { Review } from '@/server/crews/schema.ts'
import { ByteSize } from './byte-size.tsx'
import { ReviewFindings } from './review-findings.tsx'
import { Section } from './section.tsx'
import { SeverityBadge } from './severity-badge.tsx'

const outcomes = {
  underway: { tone: 'run', icon: LoaderCircle },
  passed: { tone: 'ok', icon: CircleCheck },
  stopped: { tone: 'bad', icon: OctagonX },
  unreadable: { tone: 'warn', icon: CircleHelp },
} as const

/** How the review came out, and how many findings of each severity there are. */
function Outcome({ review }: { review: Review }) {
  const t = useTranslations('review')
  const { tone, icon: Icon } = outcomes[review.status]
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>
          <Icon aria-hidden />
          {t(`status.${review.status}`)}
        </Badge>
        {review.demoModel && (
          <Badge tone="accent" title={t('demoModelHint')}>
            <Bot aria-hidden />
            {t('demoModel')}
          </Badge>
        )}
      </p>
      <ul aria-label={t('counts')} className="tabular mt-3 flex flex-wrap gap-2">
        {severities.map((severity) => (
          <li key={severity}>
            <SeverityBadge severity={severity} quiet={review.counts[severity] === 0}>
              {t('count', { severity: t(`severity.${severity}`), count: review.counts[severity] })}
            </SeverityBadge>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-muted">{t(`stopAt.${review.stopAt ?? 'none'}`)}</p>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 sm:grid-cols-[11rem_minmax(0,1fr)]">
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

/** Which code the review is about, and what of it was not sent. */
function Reviewed({ review }: { review: Review }) {
  const t = useTranslations('review')
  const bytes = review.files.reduce((sum, file) => sum + file.bytes, 0)
  return (
    <dl className="grid gap-2">
      <Fact name={t('commit')}>
        <span className="font-mono text-xs">{review.commit}</span>
      </Fact>
      <Fact name={t('bundle')}>
        <span className="font-mono text-xs">{review.bundle}</span>
      </Fact>
      <Fact name={t('model')}>{review.model}</Fact>
      <Fact name={t('files')}>
        <details>
          <summary className="cursor-pointer rounded marker:text-faint">
            {t('filesSent', { count: review.files.length })} · <ByteSize bytes={bytes} />
          </summary>
          <ul className="mt-1 font-mono text-muted text-xs">
            {review.files.map(({ path }) => (
              <li key={path}>
                <bdi>{path}</bdi>
              </li>
            ))}
          </ul>
        </details>
      </Fact>
      {review.leftOut.length > 0 && (
        <Fact name={t('leftOut')}>
          <ul>
            {review.leftOut.map(({ path, why }) => (
              <li key={path}>
                <bdi className="font-mono text-xs">{path}</bdi> <span className="text-faint">{t(`why.${why}`)}</span>
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  )
}

/** The review of a release: what it came to, its findings, and what was reviewed. */
export function ReviewView({ review }: { review: Review }) {
  const t = useTranslations('review')
  const { answered, of } = review.requests
  const { outside, beyond } = review.dropped
  return (
    <article>
      <Outcome review={review} />
      {answered < of && review.status !== 'underway' && (
        <Banner tone="warn" className="mt-4">
          {t('partly', { answered, of })}
        </Banner>
      )}
      {review.summary && (
        <Section title={t('summary')}>
          <p className="max-w-prose whitespace-pre-line [overflow-wrap:anywhere]" dir="auto">
            {review.summary}
          </p>
        </Section>
      )}
      <Section title={t('findings')}>
        {review.findings.length > 0 ? (
          <ReviewFindings findings={review.findings} stopAt={review.stopAt} />
        ) : (
          <p className="text-muted">
            {t('none')}. {t('noneText', { count: review.files.length })}
          </p>
        )}
        {beyond > 0 && <p className="mt-2 text-muted">{t('beyond', { count: beyond })}</p>}
        {outside > 0 && <p className="mt-2 text-muted">{t('outside', { count: outside })}</p>}
      </Section>
      <Section title={t('reviewed')}>
        <Reviewed review={review} />
      </Section>
    </article>
  )
}
