'use client'

import { MessageSquarePlus } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { toast } from 'sonner'
import { makePart } from '@/components/client/part.tsx'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog.tsx'
import { useFeedbackDraft } from './use-feedback-draft.ts'

// Few people open it on any one page, so nobody else waits for it.
const FeedbackForm = makePart(() => import('./feedback-form.tsx').then((module) => module.FeedbackForm), {
  waiting: <div className="min-h-80" />,
})

/** Opens the dialog in which people tell us something. What was typed stays when it is closed. On a phone the user's menu leads to the form. */
export function FeedbackButton({ signedIn }: { signedIn: boolean }) {
  const t = useTranslations('feedback')
  const draft = useFeedbackDraft(usePathname())
  const alive = useAlive()
  const [open, setOpen] = useState(false)
  const [capturing, setCapturing] = useState(false)
  const sent = () => {
    setOpen(false)
    toast.success(t('sentTitle'), { description: t('sent') })
  }
  return (
    <Dialog open={open} onOpenChange={(wanted) => capturing || setOpen(wanted)}>
      <DialogTrigger asChild>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('open')}
          title={t('open')}
          disabled={!alive}
          className={cn('disabled:opacity-100', signedIn && 'max-sm:hidden')}
        >
          <MessageSquarePlus aria-hidden />
        </Button>
      </DialogTrigger>
      <DialogContent title={t('title')} description={t('intro')} close={t('close')} hidden={capturing}>
        <FeedbackForm draft={draft} signedIn={signedIn} onSent={sent} onCapture={setCapturing} />
      </DialogContent>
    </Dialog>
  )
}
