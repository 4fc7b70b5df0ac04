'use client'

import { useTranslations } from 'next-intl'
import { makePart } from '@/components/client/part.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import type { Architecture } from '@/server/crews/schema.ts'
import { Points, Section } from './section.tsx'

// The diagram's library is larger than the rest of the page, so it comes only when a diagram is looked at.
const Diagram = makePart(() => import('./diagram.tsx').then((module) => module.Diagram), {
  waiting: <Skeleton className="h-64" />,
  failed: (_told, { source }) => <pre className="whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-xs">{source}</pre>,
})

/** The architect's document: the diagram first. */
export function ArchitectureView({ architecture }: { architecture: Architecture }) {
  const t = useTranslations('architecture')
  const texts = (lines: string[]) => lines.map((text) => ({ text }))
  return (
    <article>
      <Section title={t('diagram')}>
        <Diagram source={architecture.diagram} />
      </Section>
      <Section title={t('components')}>
        <Points
          items={architecture.components.map(({ name, responsibility, files }) => ({
            text: (
              <>
                <strong className="font-medium">{name}</strong>: {responsibility}
                {files.length > 0 && <span className="block font-mono text-faint text-xs">{files.join('  ')}</span>}
              </>
            ),
          }))}
        />
      </Section>
      <Section title={t('interactions')}>
        <Points items={architecture.interactions.map(({ from, to, what }) => ({ text: `${from} → ${to}: ${what}` }))} />
      </Section>
      <Section title={t('dataFlow')}>
        <Points items={texts(architecture.dataFlow)} />
      </Section>
      <Section title={t('security')}>
        <Points items={texts(architecture.security)} />
      </Section>
      <Section title={t('scaling')}>
        <Points items={texts(architecture.scaling)} />
      </Section>
    </article>
  )
}
