'use client'

import { Download, LoaderCircle } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { toast } from 'sonner'
import { type FailureCode, failureCodes } from '@/components/client/failure.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'

const codeOf = (told: unknown): FailureCode => failureCodes.find((code) => code === told) ?? 'INTERNAL'

/** Fetches the export and has the browser keep it. By a script and not a link, so that a refusal is told here and not in its place. */
async function download(): Promise<FailureCode | null> {
  const answer = await fetch('/api/account/export').catch(() => null)
  if (!answer) return 'OFFLINE'
  if (!answer.ok) return codeOf((await answer.json().catch(() => null))?.error_code)
  const bytes = await answer.blob().catch(() => null)
  if (!bytes) return 'OFFLINE'
  const link = document.createElement('a')
  link.href = URL.createObjectURL(bytes)
  link.download = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'maestro.json'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return null
}

/** All that is known of the person, as one file. */
export function ExportCard() {
  const t = useTranslations('offboarding.export')
  const errors = useTranslations('errors')
  const alive = useAlive()
  const [busy, setBusy] = useState(false)
  const start = async () => {
    setBusy(true)
    const failure = await download()
    setBusy(false)
    if (failure) toast.error(errors(failure))
    else toast.success(t('done'))
  }
  return (
    <Card>
      <CardHeader title={t('title')} />
      <CardBody className="grid justify-items-start gap-4">
        <p className="text-muted">{t('text')}</p>
        <Button onClick={() => void start()} disabled={busy || !alive}>
          {busy ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Download aria-hidden />}
          {busy ? t('pending') : t('action')}
        </Button>
      </CardBody>
    </Card>
  )
}
