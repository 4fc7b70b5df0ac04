'use client'

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { MessageSquarePlus } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Select } from '@/components/ui/input.tsx'
import { SearchField } from '@/components/ui/search-field.tsx'
import type { AgentCard } from '@/server/agents/schema.ts'
import { choiceOfAgents } from './choice.ts'

const settleMs = 200

type Choice = Pick<AgentCard, 'id' | 'name' | 'status'>

/** Whom one can talk to: those that ran last, and where these are not all, whoever the server finds. The chosen one always stays among them. */
function useChoices(chosen: Choice | null) {
  const { agents } = useTRPC()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed.trim(), settleMs)
  const first = useQuery(agents.list.queryOptions(choiceOfAgents))
  const found = useQuery({
    ...agents.list.queryOptions({ ...choiceOfAgents, search }),
    enabled: search !== '',
    placeholderData: keepPreviousData,
  })
  const many = (first.data?.total ?? 0) > (first.data?.items.length ?? 0)
  const items = ((search && found.data) || first.data)?.items.filter(({ status }) => status !== 'draft') ?? []
  const listed = chosen && !items.some(({ id }) => id === chosen.id) ? [chosen, ...items] : items
  const busy = typed.trim() !== search || found.isFetching
  return { many, typed, setTyped, busy, items: listed, found: search && !busy ? items.length : null }
}

/** Begins a conversation with an agent, or with the model alone. */
export function StartChat() {
  const t = useTranslations('chats')
  const trpc = useTRPC()
  const router = useRouter()
  const alive = useAlive()
  const [chosen, choose] = useState<Choice | null>(null)
  const agentId = chosen?.id ?? ''
  // Kept for each agent as long as this stands, so that whoever presses again after a failure begins no second one.
  const requests = useRef(new Map<string, string>())
  const choices = useChoices(chosen)
  const create = useMutation(trpc.chats.create.mutationOptions({ onSuccess: ({ id }) => router.push(`/workspace/${id}`) }))
  const begin = (event: React.FormEvent) => {
    event.preventDefault()
    const requestId = requests.current.get(agentId) ?? crypto.randomUUID()
    requests.current.set(agentId, requestId)
    create.mutate({ requestId, agentId: agentId || null })
  }
  return (
    <Card>
      <CardHeader title={t('start')}>
        <Link href="/agents" className="rounded text-accent text-xs hover:underline">
          {t('manageAgents')}
        </Link>
      </CardHeader>
      <CardBody className="grid gap-4">
        {choices.many && (
          <div>
            <SearchField label={t('findAgent')} value={choices.typed} onChange={choices.setTyped} busy={choices.busy} />
            <p role="status" className="mt-1 text-faint text-xs empty:hidden">
              {choices.found !== null && t('agentsFound', { count: choices.found })}
            </p>
          </div>
        )}
        <form onSubmit={begin} className="grid gap-4">
          <Field label={t('agent')} hint={t('startText')}>
            {(control) => (
              <Select
                {...control}
                className="h-9 w-full"
                value={agentId}
                onChange={({ target }) => choose(choices.items.find(({ id }) => id === target.value) ?? null)}
              >
                <option value="">{t('noAgent')}</option>
                {choices.items.map(({ id, name, status }) => (
                  <option key={id} value={id} disabled={status === 'paused'}>
                    {status === 'paused' ? `${name} (${t('paused')})` : name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Button type="submit" variant="primary" className="justify-self-start" disabled={!alive || create.isPending || create.isSuccess}>
            <MessageSquarePlus aria-hidden />
            {t(create.isPending || create.isSuccess ? 'beginning' : 'begin')}
          </Button>
        </form>
      </CardBody>
    </Card>
  )
}
