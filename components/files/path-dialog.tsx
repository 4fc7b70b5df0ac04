'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
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
  onDone: (path: string) => Promise<void>
  onClose: () => void
}

/** Waits for the server's answer: the dialog goes once it was a good one, and says otherwise what was wrong with the path. */
function useAnswer({ onDone, onClose }: Pick<Props, 'onDone' | 'onClose'>) {
  const words = useFailureWords()
  const showFailure = useFailureToast()
  const field = useRef<HTMLInputElement>(null)
  const [pending, setPending] = useState(false)
  const [refused, setRefused] = useState<{ path: string; why: string } | null>(null)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const send = async (path: string) => {
    setPending(true)
    setRefused(null)
    try {
      await onDone(path)
      if (here.current) onClose()
    } catch (error) {
      // Whoever closed it without waiting is told all the same.
      if (!here.current) return showFailure(error)
      const { title, text } = words(error)
      setRefused({ path, why: text ?? title })
      field.current?.focus()
    } finally {
      setPending(false)
    }
  }
  return { field, pending, refused, send }
}

/** Asks for a file's path: of a new one, or another one for what is there. */
export function PathDialog({ title, action, initial, taken, onDone, onClose }: Props) {
  const t = useTranslations('files')
  const [path, setPath] = useState(initial)
  const { field, pending, refused, send } = useAnswer({ onDone, onClose })
  const wanted = path.trim().replace(/^\/+/, '')
  const isTaken = !pending && wanted !== initial && taken.has(wanted)
  const ready = wanted !== '' && wanted !== initial && !wanted.endsWith('/') && !isTaken
  const why = isTaken ? t('pathTaken') : refused?.path === wanted ? refused.why : null
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={title} close={t('close')}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (ready && !pending) void send(wanted)
          }}
        >
          <Field label={t('path')} hint={t('pathHint')} error={why}>
            {(control) => (
              <Input
                {...control}
                ref={field}
                value={path}
                maxLength={fileLimits.pathLength}
                readOnly={pending}
                onChange={(event) => setPath(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
              />
            )}
          </Field>
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>{t('cancel')}</Button>
            {/* It keeps the focus while it waits. */}
            <Button type="submit" variant="primary" disabled={!ready} aria-disabled={pending || undefined}>
              {pending ? t('making') : action}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  )
}
