'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LoaderCircle, Save } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import { failureOf } from '@/components/client/failure.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import type { Agent } from '@/server/agents/schema.ts'
import { type FormDraft, formOf } from './form-draft.ts'
import { AgentFields } from './form-fields.tsx'
import { useAgentsAgain } from './use-agent-acts.ts'
import { useAgentForm } from './use-form.ts'

/** The form of a stored agent. What is saved elsewhere is shown at once, unless something was typed here. */
export function useStoredForm(agent: Agent) {
  const form = useAgentForm(formOf(agent))
  const [shown, setShown] = useState(agent)
  const store = (stored: Agent, sent?: FormDraft) => {
    setShown(stored)
    form.reset(formOf(stored), sent)
  }
  const latest = useRef(store)
  latest.current = store
  const { dirty } = form
  const same = agent.version === shown.version && agent.status === shown.status
  useEffect(() => {
    if (!same && !dirty) latest.current(agent)
  }, [agent, same, dirty])
  return {
    ...form,
    /** The version that was shown before anything was typed: what a save is made over. */
    version: shown.version,
    /** What is stored now: the form shows it, but for what was typed since it was sent. */
    store,
  }
}
type StoredForm = ReturnType<typeof useStoredForm>

function useSave(state: StoredForm, sent: RefObject<FormDraft | undefined>, onOvertaken: () => void) {
  const t = useTranslations('agentForm')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const again = useAgentsAgain()
  const showFailure = useFailureToast()
  const words = useFailureWords()
  return useMutation(
    trpc.agents.edit.mutationOptions({
      meta: { silent: true },
      onSuccess: (saved) => {
        toast.success(saved.version === state.version ? t('savedSame') : t('saved', { version: saved.version }))
        queries.setQueryData(trpc.agents.get.queryKey({ id: saved.id }), saved)
        state.store(saved, sent.current)
        again()
      },
      onError: (error) => {
        const { field, title, text } = words(error)
        if (failureOf(error).key === 'agentChanged') onOvertaken()
        else if (field) state.refuse(field, text ?? title)
        else showFailure(error)
      },
    }),
  )
}

/** Changes an agent; where somebody else was quicker, it says so and offers what they made of it. */
export function EditAgentForm({ id, state }: { id: string; state: StoredForm }) {
  const t = useTranslations('agentForm')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const alive = useAlive()
  const [overtaken, setOvertaken] = useState(false)
  const sent = useRef<FormDraft>(undefined)
  const save = useSave(state, sent, () => setOvertaken(true))
  const submit = () => {
    const draft = state.check()
    if (!draft || !state.dirty || save.isPending) return
    sent.current = state.form
    save.mutate({ id, version: state.version, ...draft })
  }
  const load = async () => {
    const newest = await queries.fetchQuery({ ...trpc.agents.get.queryOptions({ id }), staleTime: 0 })
    state.store(newest)
    setOvertaken(false)
  }
  const foot = (
    <>
      <Button type="submit" variant="primary" disabled={!state.dirty || save.isPending || !alive}>
        {save.isPending ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Save aria-hidden />}
        {save.isPending ? t('saving') : t('save')}
      </Button>
      {state.dirty && (
        <Button variant="ghost" onClick={state.discard}>
          {t('discard')}
        </Button>
      )}
      <span className="text-faint text-xs">{state.dirty ? t('unsaved') : t('nothing')}</span>
    </>
  )
  return (
    <>
      {overtaken && (
        <Banner tone="warn" className="mb-4 max-w-4xl" title={t('changed')} action={<Button onClick={load}>{t('load')}</Button>}>
          {t('changedText')}
        </Banner>
      )}
      <AgentFields agentId={id} state={state} foot={foot} onSubmit={submit} />
    </>
  )
}
