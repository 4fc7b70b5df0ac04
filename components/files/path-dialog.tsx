'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog, DialogContent } from '@/components/ui/dialog.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { fileLimits } from '@/server/files/schema.ts'

interface Props {
  title: string
  action: string
  initial: string
  taken: ReadonlySet<string>
  onDone: (path: string) => void
  onClose: () => void
}

/** Asks for a file's path: of a new one, or another one for what is there. */
export function PathDialog({ title, action, initial, taken, onDone, onClose }: Props) {
  const t = useTranslations('files')
  const [path, setPath] = useState(initial)
  const wanted = path.trim().replace(/^\/+/, '')
  const isTaken = wanted !== initial && taken.has(wanted)
  const ready = wanted !== '' && wanted !== initial && !wanted.endsWith('/') && !isTaken
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={title} close={t('close')}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (ready) onDone(wanted)
          }}
        >
          <Field label={t('path')} hint={t('pathHint')} error={isTaken ? t('pathTaken') : null}>
            {(control) => (
              <Input
                {...control}
                value={path}
                maxLength={fileLimits.pathLength}
                onChange={(event) => setPath(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
              />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" variant="primary" disabled={!ready}>
              {action}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  )
}
