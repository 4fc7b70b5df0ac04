'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { Confirm } from '@/components/ui/confirm.tsx'
import { BasicsSection, InstructionsSection } from './basics-section.tsx'
import { McpSection } from './mcp-section.tsx'
import { ModelSection } from './model-section.tsx'
import { SharingSection } from './sharing-section.tsx'
import { PagesSection, ToolsSection } from './tools-section.tsx'
import type { AgentForm } from './use-form.ts'
import { useUnsaved } from './use-unsaved.ts'

/** Leads to the first field that is wrong, once it is said which. */
function useFirstWrong(errors: object) {
  const ref = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (Object.keys(errors).length > 0) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [errors])
  return ref
}

interface Props {
  /** Null for an agent that is not there yet. */
  agentId: string | null
  state: AgentForm
  foot: ReactNode
  onSubmit: () => void
}

/** All sections of an agent's form; `foot` stays in sight at its end. */
export function AgentFields({ agentId, state, foot, onSubmit }: Props) {
  const t = useTranslations('agentForm')
  const ref = useFirstWrong(state.errors)
  const unsaved = useUnsaved(state.dirty)
  const section = { agentId, form: state.form, errors: state.errors, change: state.change }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  const wrong = Object.keys(state.errors).length
  return (
    <form ref={ref} noValidate onSubmit={submit} className="grid max-w-4xl grid-cols-1 gap-4">
      <BasicsSection {...section} />
      <ModelSection {...section} />
      <InstructionsSection {...section} />
      <ToolsSection {...section} />
      <McpSection {...section} />
      <PagesSection {...section} />
      <SharingSection {...section} />
      <div className="sticky bottom-0 z-10 -mx-3 flex flex-wrap items-center gap-3 border-t bg-bg px-3 py-3 sm:mx-0 sm:px-1">
        {foot}
        {wrong > 0 && (
          <span role="status" className="text-bad text-xs">
            {t('problemsLeft', { count: wrong })}
          </span>
        )}
      </div>
      <Confirm
        open={unsaved.asking}
        onOpenChange={(open) => open || unsaved.stay()}
        title={t('leave.title')}
        description={t('leave.text')}
        cancel={t('leave.stay')}
        confirm={t('leave.go')}
        onConfirm={unsaved.leave}
      />
    </form>
  )
}
