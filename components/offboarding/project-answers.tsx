'use client'

import { useTranslations } from 'next-intl'
import { Field } from '@/components/ui/field.tsx'
import { Select } from '@/components/ui/input.tsx'
import type { Answer, DeletionPreview } from '@/server/offboarding/schema.ts'

type Owned = DeletionPreview['projects'][number]
/** What was chosen for each project, by its service. */
export type Chosen = Readonly<Record<string, Answer | undefined>>

const shown = (answer: Answer | undefined) => (answer?.action === 'transfer' ? answer.to : (answer?.action ?? ''))
const answerOf = (service: string, value: string): Answer | undefined =>
  value === '' ? undefined : value === 'delete' ? { service, action: 'delete' } : { service, action: 'transfer', to: value }

function ProjectAnswer(props: { project: Owned; chosen: Answer | undefined; error: string | null; onChoose: (answer?: Answer) => void }) {
  const t = useTranslations('offboarding.account')
  const { service, title, heirs } = props.project
  return (
    <li className="border-t py-3 first:border-t-0">
      <Field
        label={
          <>
            <span className="sr-only">{t('answerOf', { service })}</span>
            <span aria-hidden>
              {service}
              <bdi className="block font-normal text-faint text-xs [overflow-wrap:anywhere]">{title}</bdi>
            </span>
          </>
        }
        error={props.error}
        hint={heirs.length === 0 && t('noHeirs')}
      >
        {(control) => (
          <Select
            {...control}
            className="h-9 w-full"
            value={shown(props.chosen)}
            onChange={({ target }) => props.onChoose(answerOf(service, target.value))}
          >
            <option value="">{t('choose')}</option>
            <option value="delete">{t('delete')}</option>
            {heirs.map(({ userId, name, email }) => (
              <option key={userId} value={userId}>
                {t('give', { name: name ? `${name} (${email})` : email })}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </li>
  )
}

/** Asks what becomes of each project that nobody else owns. */
export function ProjectAnswers(props: {
  projects: readonly Owned[]
  chosen: Chosen
  errors: Readonly<Record<string, string>>
  onChoose: (service: string, answer?: Answer) => void
}) {
  const t = useTranslations('offboarding.account')
  if (props.projects.length === 0) return null
  return (
    <section aria-label={t('projects')}>
      <h3 className="font-medium">{t('projects')}</h3>
      <p className="text-muted">{t('projectsHint')}</p>
      <ul className="mt-2">
        {props.projects.map((project) => (
          <ProjectAnswer
            key={project.service}
            project={project}
            chosen={props.chosen[project.service]}
            error={props.errors[project.service] ?? null}
            onChoose={(answer) => props.onChoose(project.service, answer)}
          />
        ))}
      </ul>
    </section>
  )
}
