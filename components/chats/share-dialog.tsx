'use client'

import { Link2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { toast } from 'sonner'
import { Button } from '@/components/ui/button.tsx'
import { CopyButton } from '@/components/ui/copy-button.tsx'
import { Dialog, DialogContent } from '@/components/ui/dialog.tsx'
import { Input } from '@/components/ui/input.tsx'
import type { Chat } from '@/server/chats/schema.ts'
import type { useChatChanges } from './use-chat-changes.ts'

interface Props {
  chat: Chat
  changes: ReturnType<typeof useChatChanges>
  onOpenChange: (open: boolean) => void
}

/** The link, as long as it can be seen. */
function ShownLink({ url }: { url: string }) {
  const t = useTranslations('chats.share')
  return (
    <div className="mt-4">
      <div className="flex items-center gap-1">
        <Input readOnly aria-label={t('link')} value={url} onFocus={({ target }) => target.select()} className="font-mono text-xs" />
        <CopyButton text={url} label={t('copy')} copied={t('copied')} failed={t('copyFailed')} />
      </div>
      <p className="mt-1.5 text-warn text-xs">{t('once')}</p>
    </div>
  )
}

/** Lets others read a conversation by a link, and no longer. */
export function ShareDialog({ chat: { id, shared }, changes: { share, unshare }, onOpenChange }: Props) {
  const t = useTranslations('chats.share')
  const made = share.data
  const stop = () =>
    unshare.mutate(
      { id },
      {
        onSuccess: () => {
          share.reset()
          toast.success(t('stopped'))
          onOpenChange(false)
        },
      },
    )
  return (
    <Dialog open onOpenChange={onOpenChange}>
      <DialogContent title={t('title')} description={t('text')} close={t('close')}>
        {!made && <p className="text-sm">{t(shared ? 'on' : 'off')}</p>}
        {made && <ShownLink url={made.url} />}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          {(shared || made) && (
            <Button variant="danger" disabled={unshare.isPending} onClick={stop}>
              {t('stop')}
            </Button>
          )}
          {!made && (
            <Button variant="primary" disabled={share.isPending} onClick={() => share.mutate({ id })}>
              <Link2 aria-hidden />
              {share.isPending ? t('making') : t(shared ? 'remake' : 'make')}
            </Button>
          )}
        </div>
      </DialogContent>
    </Dialog>
  )
}
