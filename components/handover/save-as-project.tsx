'use client'

import { FolderGit2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog.tsx'
import { SaveForm } from './save-form.tsx'

/** The button that makes a project of a conversation's files, and what it asks first. */
export function SaveAsProject({ sessionId }: { sessionId: string }) {
  const t = useTranslations('files.project')
  const close = useTranslations('files')('close')
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="sm">
          <FolderGit2 aria-hidden />
          {t('save')}
        </Button>
      </DialogTrigger>
      <DialogContent title={t('title')} description={t('description')} close={close}>
        <SaveForm sessionId={sessionId} onClose={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  )
}
