'use client'

import { useMutation } from '@tanstack/react-query'
import { LoaderCircle } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'

/** Begins a conversation, once however often this is drawn, and goes there. */
export function NewChat({ agentId }: { agentId: string | null }) {
  const t = useTranslations('workspace')
  const trpc = useTRPC()
  const router = useRouter()
  const words = useFailureWords()
  const [requestId] = useState(() => crypto.randomUUID())
  const { mutate, error } = useMutation(
    trpc.chats.create.mutationOptions({ meta: { silent: true }, onSuccess: ({ id }) => router.replace(`/workspace/${id}`) }),
  )
  useEffect(() => mutate({ requestId, agentId }), [mutate, requestId, agentId])
  if (!error)
    return (
      <EmptyState page icon={<LoaderCircle aria-hidden className="animate-spin-slow" />} title={t('newChat')}>
        <p role="status">{t('beginning')}</p>
      </EmptyState>
    )
  const { title, text } = words(error)
  return (
    <EmptyState
      page
      title={title}
      action={
        <Button variant="primary" onClick={() => mutate({ requestId, agentId })}>
          {t('again')}
        </Button>
      }
    >
      {text}
    </EmptyState>
  )
}
