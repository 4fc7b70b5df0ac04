'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { MessageSquarePlus } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Select } from '@/components/ui/input.tsx'
import { choiceOfAgents } from './choice.ts'

/** Begins a conversation with an agent, or with the model alone. */
export function StartChat() {
  const t = useTranslations('chats')
  const trpc = useTRPC()
  const router = useRouter()
  const alive = useAlive()
  const [agentId, setAgentId] = useState('')
  // Kept for each agent as long as this stands, so that whoever presses again after a failure begins no second one.
  const requests = useRef(new Map<string, string>())
  const { data } = useQuery(trpc.agents.list.queryOptions(choiceOfAgents))
  const create = useMutation(trpc.chats.create.mutationOptions({ onSuccess: ({ id }) => router.push(`/workspace/${id}`) }))
  const begin = (event: React.FormEvent) => {
    event.preventDefault()
    const requestId = requests.current.get(agentId) ?? crypto.randomUUID()
    requests.current.set(agentId, requestId)
    create.mutate({ requestId, agentId: agentId || null })
  }
  const usable = data?.items.filter(({ status }) => status !== 'draft') ?? []
  return (
    <Card>
      <CardHeader title={t('start')}>
        <Link href="/agents" className="rounded text-accent text-xs hover:underline">
          {t('manageAgents')}
        </Link>
      </CardHeader>
      <CardBody>
        <form onSubmit={begin} className="grid gap-4">
          <Field label={t('agent')} hint={t('startText')}>
            {(control) => (
              <Select {...control} className="h-9 w-full" value={agentId} onChange={({ target }) => setAgentId(target.value)}>
                <option value="">{t('noAgent')}</option>
                {usable.map(({ id, name, status }) => (
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
