'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog, DialogContent } from '@/components/ui/dialog.tsx'

/** What becomes of files whose paths are taken; null brings nothing at all. */
type Decision = 'replace' | 'both' | null
interface Question {
  /** Where there is something already. */
  paths: readonly string[]
  /** How many more are brought that are new. */
  others: number
}
interface Open extends Question {
  decide: (decision: Decision) => void
}

const mostNamed = 5

/** Asks once what becomes of all that would replace something. */
export function useReplaceQuestion() {
  const [open, setOpen] = useState<Open | null>(null)
  const ask = useCallback(
    (question: Question) =>
      new Promise<Decision>((resolve) => {
        const decide = (decision: Decision) => {
          setOpen(null)
          resolve(decision)
        }
        setOpen({ ...question, decide })
      }),
    [],
  )
  return { open, ask }
}

/** The question before files are replaced: replace them, keep both, or bring nothing. */
export function ReplaceDialog({ paths, others, decide }: Open) {
  const t = useTranslations('files')
  const count = paths.length
  return (
    <Dialog open onOpenChange={(open) => !open && decide(null)}>
      <DialogContent title={t('replace.title', { count })} description={t('replace.text', { others })} close={t('close')}>
        <ul aria-label={t('replace.list')} className="grid gap-0.5 font-mono text-xs">
          {paths.slice(0, mostNamed).map((path) => (
            <li key={path} className="[overflow-wrap:anywhere]">
              <bdi>{path}</bdi>
            </li>
          ))}
          {count > mostNamed && <li className="font-sans text-muted">{t('replace.more', { count: count - mostNamed })}</li>}
        </ul>
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={() => decide(null)}>{t('cancel')}</Button>
          <Button variant="danger" onClick={() => decide('replace')}>
            {t('replace.yes', { count })}
          </Button>
          {/* Whoever just presses Enter loses nothing. */}
          <Button variant="primary" autoFocus onClick={() => decide('both')}>
            {t('replace.both')}
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  )
}
