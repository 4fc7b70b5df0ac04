'use client'

import { Check, Copy, KeyRound } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { Input } from '@/components/ui/input.tsx'

/** A token that was just made, with its secret, this once. */
export function MadeToken({ name, secret, onDismiss }: { name: string; secret: string; onDismiss: () => void }) {
  const t = useTranslations('tokens.made')
  const input = useRef<HTMLInputElement>(null)
  const [state, setState] = useState<'shown' | 'copied' | 'failed'>('shown')
  useEffect(() => input.current?.focus(), [])
  const copy = async () => {
    input.current?.select()
    await navigator.clipboard.writeText(secret).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  }
  return (
    <Card className="border-ok/40">
      <CardBody className="grid gap-3">
        <div className="flex items-start gap-2.5">
          <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
          <div>
            <h2 className="font-semibold">{t('title')}</h2>
            <p className="text-muted">{t('text')}</p>
          </div>
        </div>
        <div className="flex flex-wrap gap-2">
          <Input
            ref={input}
            readOnly
            value={secret}
            spellCheck={false}
            aria-label={t('label', { name })}
            onFocus={({ target }) => target.select()}
            className="min-w-0 flex-1 basis-64 font-mono text-xs"
          />
          <Button variant="primary" onClick={() => void copy()}>
            {state === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
            <span aria-live="polite">{t(state === 'copied' ? 'copied' : 'copy')}</span>
          </Button>
          <Button onClick={onDismiss}>{t('dismiss')}</Button>
        </div>
        {state === 'failed' && (
          <p role="alert" className="text-bad text-xs">
            {t('failed')}
          </p>
        )}
      </CardBody>
    </Card>
  )
}
