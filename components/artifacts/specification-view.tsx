'use client'

import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import { InlineText } from '@/components/ui/inline-text.tsx'
import { Table, Td, Th, Tr } from '@/components/ui/table.tsx'
import type { Specification } from '@/server/crews/schema.ts'
import { Points, Section } from './section.tsx'

function Entity({ entity, fields }: Specification['database'][number]) {
  const t = useTranslations('specification')
  return (
    <div className="mb-3 overflow-hidden rounded-md border">
      <p className="bg-sunken px-4 py-1.5 font-medium font-mono text-xs">{entity}</p>
      <Table>
        <tbody>
          {fields.map((field) => (
            <Tr key={field.name}>
              <Td className="font-mono text-xs">{field.name}</Td>
              <Td className="whitespace-nowrap text-muted">{field.type}</Td>
              <Td>{field.required && <Badge tone="accent">{t('required')}</Badge>}</Td>
              <Td className="text-muted">{field.note}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function Api({ routes }: { routes: Specification['api'] }) {
  const t = useTranslations('specification')
  return (
    <Table>
      <thead className="bg-sunken">
        <tr>
          <Th>{t('route')}</Th>
          <Th>{t('does')}</Th>
        </tr>
      </thead>
      <tbody>
        {routes.map((route) => (
          <Tr key={`${route.method} ${route.path}`}>
            <Td className="whitespace-nowrap font-mono text-xs">
              {route.method} {route.path}
            </Td>
            <Td>{route.does}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

/** The product strategist's specification, as a document. */
export function SpecificationView({ specification }: { specification: Specification }) {
  const t = useTranslations('specification')
  return (
    <article>
      <h3 className="font-semibold text-lg">{specification.title}</h3>
      <p className="mt-1 mb-6 max-w-prose text-muted">{specification.summary}</p>
      <Section title={t('functional')}>
        <Points items={specification.functional} />
      </Section>
      <Section title={t('nonFunctional')}>
        <Points items={specification.nonFunctional} />
      </Section>
      <Section title={t('criteria')}>
        <Points
          items={specification.criteria.map(({ id, text, derived }) => ({
            id,
            text: (
              <>
                <InlineText text={text} /> {derived && <Badge>{t('derived')}</Badge>}
              </>
            ),
          }))}
        />
      </Section>
      <Section title={t('database')}>
        {specification.database.map((entity) => (
          <Entity key={entity.entity} {...entity} />
        ))}
      </Section>
      <Section title={t('api')}>
        <Api routes={specification.api} />
      </Section>
      <Section title={t('ui')}>
        <Points items={specification.ui.map(({ view, shows, actions }) => ({ text: `${view}: ${[shows, ...actions].join(' · ')}` }))} />
      </Section>
      <Section title={t('stack')}>
        <Points items={specification.stack.map(({ part, choice, why }) => ({ text: `${part}: ${choice}. ${why}` }))} />
      </Section>
    </article>
  )
}
