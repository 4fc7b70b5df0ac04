'use client'

import { useMutation } from '@tanstack/react-query'
import { LoaderCircle, Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import type { AgentDraft, AgentTemplate } from '@/server/agents/schema.ts'
import { newForm } from './form-draft.ts'
import { AgentFields } from './form-fields.tsx'
import { useAgentsAgain } from './use-agent-acts.ts'
import { useAgentForm } from './use-form.ts'

/** Makes the agent, once however often it is asked to, and leads to its page. */
function useCreate(onRefused: (field: string, words: string) => void) {
  const t = useTranslations('agentForm')
  const router = useRouter()
  const again = useAgentsAgain()
  const showFailure = useFailureToast()
  const words = useFailureWords()
  // Sent again as it was, it is the same request; once it was changed, it is another.
  const request = useRef<{ id: string; what: string }>(undefined)
  const [madeId, setMadeId] = useState<string | null>(null)
  const create = useMutation(
    useTRPC().agents.create.mutationOptions({
      meta: { silent: true },
      onSuccess: ({ id }) => {
        toast.success(t('created'))
        again()
        setMadeId(id)
      },
      onError: (error) => {
        const { field, title, text } = words(error)
        if (field) onRefused(field, text ?? title)
        else showFailure(error)
      },
    }),
  )
  // Only after the form has stopped asking whether one really wants to leave it.
  useEffect(() => {
    if (madeId) router.replace(`/agents/${madeId}`)
  }, [madeId, router])
  const send = (draft: AgentDraft) => {
    const what = JSON.stringify(draft)
    if (request.current?.what !== what) request.current = { id: crypto.randomUUID(), what }
    create.mutate({ requestId: request.current.id, ...draft })
  }
  return { send, busy: create.isPending || madeId !== null, made: madeId !== null }
}

/** The form of an agent that is not there yet, as its template fills it. */
export function NewAgentForm({ template }: { template: AgentTemplate | null }) {
  const t = useTranslations('agentForm')
  const words = useTranslations('agents.templates')
  const alive = useAlive()
  const [start] = useState(() =>
    newForm(template, template ? { name: words(`${template.key}.name`), text: words(`${template.key}.text`) } : { name: '', text: '' }),
  )
  const state = useAgentForm(start)
  const { send, busy, made } = useCreate(state.refuse)
  const submit = () => {
    const draft = state.check()
    if (draft && !busy) send(draft)
  }
  const foot = (
    <Button type="submit" variant="primary" disabled={busy || !alive}>
      {busy ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Plus aria-hidden />}
      {busy ? t('creating') : t('createAction')}
    </Button>
  )
  return <AgentFields agentId={null} state={made ? { ...state, dirty: false } : state} foot={foot} onSubmit={submit} />
}
