'use client'

import { Archive, ArchiveRestore, Braces, Ellipsis, FileText, Lock, LockOpen, Pencil, Pin, PinOff, Share2, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { makePart } from '@/components/client/part.tsx'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Dialog, DialogContent } from '@/components/ui/dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/components/ui/menu.tsx'
import type { Chat } from '@/server/chats/schema.ts'
import { useTitleOf } from './title-of.ts'
import { useChatChanges } from './use-chat-changes.ts'

const failed = (told: ReactNode, { onOpenChange }: { onOpenChange: (open: boolean) => void }) => (
  <FailedDialog onOpenChange={onOpenChange}>{told}</FailedDialog>
)
const RenameDialog = makePart(() => import('./rename-dialog.tsx').then((module) => module.RenameDialog), { failed })
const ShareDialog = makePart(() => import('./share-dialog.tsx').then((module) => module.ShareDialog), { failed })

/** Stands for a dialog that could not be loaded. */
function FailedDialog({ onOpenChange, children }: { onOpenChange: (open: boolean) => void; children: ReactNode }) {
  const t = useTranslations('chats')
  return (
    <Dialog open onOpenChange={onOpenChange}>
      <DialogContent title={t('menu.failed')} close={t('delete.cancel')}>
        {children}
      </DialogContent>
    </Dialog>
  )
}

export type Asked = 'rename' | 'share' | 'delete'
type Changes = ReturnType<typeof useChatChanges>

function Items({ chat, changes, ask }: { chat: Chat; changes: Changes; ask: (what: Asked) => void }) {
  const t = useTranslations('chats.menu')
  const { id, pinned, archived, status } = chat
  const exported = (format: 'md' | 'json') => `/api/chats/${id}/export?format=${format}${format === 'json' ? '&all=1' : ''}`
  return (
    <>
      <MenuItem onSelect={() => ask('rename')}>
        <Pencil aria-hidden />
        {t('rename')}
      </MenuItem>
      <MenuItem onSelect={() => changes.pin.mutate({ id, pinned: !pinned })}>
        {pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
        {t(pinned ? 'unpin' : 'pin')}
      </MenuItem>
      <MenuItem onSelect={() => changes.archive.mutate({ id, archived: !archived })}>
        {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        {t(archived ? 'unarchive' : 'archive')}
      </MenuItem>
      <MenuItem onSelect={() => ask('share')}>
        <Share2 aria-hidden />
        {t('share')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem asChild>
        <a href={exported('md')} download>
          <FileText aria-hidden />
          {t('markdown')}
        </a>
      </MenuItem>
      <MenuItem asChild>
        <a href={exported('json')} download>
          <Braces aria-hidden />
          {t('json')}
        </a>
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => (status === 'closed' ? changes.reopen : changes.close).mutate({ id })}>
        {status === 'closed' ? <LockOpen aria-hidden /> : <Lock aria-hidden />}
        {t(status === 'closed' ? 'reopen' : 'close')}
      </MenuItem>
      <MenuItem className="text-bad" onSelect={() => ask('delete')}>
        <Trash2 aria-hidden />
        {t('delete')}
      </MenuItem>
    </>
  )
}

interface Props {
  chat: Chat
  /** The button is seen where the row is pointed at, or on a screen that is touched. */
  quiet?: boolean
  /** What is asked about, for whoever asks by a key, too. */
  asked: Asked | null
  onAsk: (what: Asked | null) => void
}

/** Everything that can be done with a conversation. */
export function ChatMenu({ chat, quiet = false, asked, onAsk }: Props) {
  const t = useTranslations('chats')
  const alive = useAlive()
  const title = useTitleOf()(chat)
  const changes = useChatChanges(chat.id)
  const close = (open: boolean) => !open && onAsk(null)
  const look = quiet && 'pointer-fine:opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 data-[state=open]:opacity-100'
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" disabled={!alive} aria-label={t('menu.open', { title })} className={cn('mr-1', look)}>
            <Ellipsis aria-hidden />
          </Button>
        </MenuTrigger>
        <MenuContent>
          <Items chat={chat} changes={changes} ask={onAsk} />
        </MenuContent>
      </Menu>
      {asked === 'rename' && <RenameDialog chat={chat} changes={changes} onOpenChange={close} />}
      {asked === 'share' && <ShareDialog chat={chat} changes={changes} onOpenChange={close} />}
      <Confirm
        open={asked === 'delete'}
        onOpenChange={close}
        title={t('delete.title', { title })}
        description={t('delete.text')}
        cancel={t('delete.cancel')}
        confirm={t('delete.confirm')}
        onConfirm={() => changes.remove.mutate({ id: chat.id })}
      />
    </>
  )
}
