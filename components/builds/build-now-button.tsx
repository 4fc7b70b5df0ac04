'use client'

import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'

/** Starts another build and goes to its page; pressed twice it still starts one. */
export function BuildNowButton({ service }: { service: string }) {
  const t = useTranslations('service')
  const alive = useAlive()
  const router = useRouter()
  const requestId = useRef<string>(undefined)
  const start = useMutation(
    useTRPC().builds.start.mutationOptions({ onSuccess: ({ number }) => router.push(`/${service}/builds/${number}`) }),
  )
  const press = () => {
    requestId.current ??= crypto.randomUUID()
    start.mutate({ service, requestId: requestId.current })
  }
  return (
    <Button variant="primary" onClick={press} disabled={start.isPending || start.isSuccess || !alive}>
      <Play aria-hidden />
      {start.isPending ? t('starting') : t('buildNow')}
    </Button>
  )
}
