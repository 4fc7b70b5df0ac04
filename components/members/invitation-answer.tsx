'use client'

import { useMutation } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useFormatter, useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { useTimeZone } from '@/components/ui/time.tsx'
import type { InvitationView } from '@/server/members/schema.ts'

/** Yes or no; yes leads to the project. */
export function InvitationAnswer(props: { view: Extract<InvitationView, { state: 'open' }>; secret: string; onDeclined: () => void }) {
  const t = useTranslations('invitation')
  const trpc = useTRPC()
  const router = useRouter()
  const format = useFormatter()
  const timeZone = useTimeZone() ?? 'UTC'
  const alive = useAlive()
  const { view, secret } = props
  const accept = useMutation(trpc.members.accept.mutationOptions({ onSuccess: ({ service }) => router.push(`/${service}`) }))
  const decline = useMutation(trpc.members.decline.mutationOptions({ onSuccess: props.onDeclined }))
  const busy = accept.isPending || accept.isSuccess || decline.isPending || !alive
  const date = format.dateTime(new Date(view.expiresAt), { dateStyle: 'long', timeZone })
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" className="max-sm:flex-1" disabled={busy} onClick={() => accept.mutate({ secret })}>
          <Check aria-hidden />
          {accept.isPending ? t('accepting') : t('accept')}
        </Button>
        <Button className="max-sm:flex-1" disabled={busy} onClick={() => decline.mutate({ secret })}>
          <X aria-hidden />
          {decline.isPending ? t('declining') : t('decline')}
        </Button>
      </div>
      <p className="text-faint text-xs [overflow-wrap:anywhere]">{t('for', { email: view.email, date })}</p>
    </>
  )
}
