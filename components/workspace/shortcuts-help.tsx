'use client'

import { Keyboard } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog.tsx'
import { Kbd } from '@/components/ui/kbd.tsx'
import { altKey, shortcuts } from './shortcuts.ts'

/** Where a question mark is a letter, and not a question. */
const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input,textarea,select,[contenteditable=true],.xterm') !== null

/** What the keys of this page do. */
export function ShortcutsHelp() {
  const t = useTranslations('workspace.help')
  const alive = useAlive()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const asked = altKey(event) === 'Slash' || (event.key === '?' && !isTyping(event.target))
      if (!asked || event.defaultPrevented) return
      event.preventDefault()
      setOpen((before) => !before)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="icon" disabled={!alive} aria-label={t('open')} title={t('open')} className="max-sm:hidden">
          <Keyboard aria-hidden />
        </Button>
      </DialogTrigger>
      <DialogContent title={t('title')} close={t('close')}>
        <dl className="grid gap-2">
          {shortcuts.map(({ does, keys }) => (
            <div key={does} className="flex items-center justify-between gap-4">
              <dt>{t(does)}</dt>
              <dd className="flex gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  )
}
