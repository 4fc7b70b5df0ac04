'use client'

import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import { InlineText } from '@/components/ui/inline-text.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import { severities } from '@/server/ai/schema.ts'
import type { Finding, Review } from '@/server/crews/schema.ts'
import { SeverityBadge } from './severity-badge.tsx'

const rank = ({ severity }: Finding) => severities.indexOf(severity)

/** Whether a finding is grave enough to stop the deployment. */
const stops = (finding: Finding, stopAt: Review['stopAt']) => stopAt !== null && rank(finding) <= severities.indexOf(stopAt)

function Place({ finding }: { finding: Finding }) {
  const t = useTranslations('review')
  return (
    <span className="font-mono text-xs [overflow-wrap:anywhere]">
      <bdi>{finding.path}</bdi>
      {finding.line === null ? <span className="font-sans text-faint"> {t('wholeFile')}</span> : `:${finding.line}`}
    </span>
  )
}

/** What is wrong and what would mend it, folded away until it is asked for; what stops a deployment lies open. */
function Told({ finding, open }: { finding: Finding; open: boolean }) {
  const t = useTranslations('review')
  const text = 'mt-1 max-w-prose whitespace-pre-line text-muted [overflow-wrap:anywhere]'
  if (!finding.detail && !finding.suggestion) return <InlineText text={finding.title} />
  return (
    <details open={open}>
      <summary className="cursor-pointer rounded font-medium [overflow-wrap:anywhere] marker:text-faint">
        <bdi>
          <InlineText text={finding.title} />
        </bdi>
      </summary>
      {finding.detail && (
        <p className={text} dir="auto">
          <InlineText text={finding.detail} />
        </p>
      )}
      {finding.suggestion && (
        <p className={text} dir="auto">
          <span className="font-medium text-ink">{t('suggestion')}: </span>
          <InlineText text={finding.suggestion} />
        </p>
      )}
    </details>
  )
}

/** All findings, the gravest first. */
export function ReviewFindings({ findings, stopAt }: Pick<Review, 'findings' | 'stopAt'>) {
  const t = useTranslations('review')
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b))
  return (
    <div className="-mx-4">
      <Table>
        <thead className="bg-sunken">
          <tr>
            <Th>{t('columns.severity')}</Th>
            <Th>{t('columns.finding')}</Th>
            <Th className="max-lg:hidden">{t('columns.category')}</Th>
            <Th className="max-lg:hidden">{t('columns.place')}</Th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((finding, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the findings of a stored review never change places.
            <Tr key={index}>
              <Td className="w-0 whitespace-nowrap align-top">
                <SeverityBadge severity={finding.severity} />
              </Td>
              <Td className="min-w-44 align-top">
                <Told finding={finding} open={stops(finding, stopAt)} />
                <p className="mt-1 flex flex-wrap items-baseline gap-x-3 gap-y-1 lg:hidden">
                  <Badge>{t(`category.${finding.category}`)}</Badge>
                  <Place finding={finding} />
                </p>
                {stops(finding, stopAt) && <p className="mt-1 font-medium text-bad text-xs">{t('stops')}</p>}
              </Td>
              <Td className="w-0 whitespace-nowrap align-top max-lg:hidden">
                <Badge>{t(`category.${finding.category}`)}</Badge>
              </Td>
              <Td className="w-56 align-top max-lg:hidden">
                <Place finding={finding} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
