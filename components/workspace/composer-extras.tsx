'use client'

import { AtSign, FileText, Loader, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { useAmounts } from './money.ts'
import { isPicture, Picture } from './picture.tsx'
import { safeText } from './safe-text.ts'
import type { Attached } from './use-attachments.ts'

/** Whom the message is for, where that is another agent than the conversation's. */
export function Addressee({ name, onRemove }: { name: string; onRemove: () => void }) {
  const t = useTranslations('composer')
  return (
    <p className="flex items-center gap-2 px-4 pt-2 text-accent text-xs">
      <AtSign aria-hidden className="size-3.5 shrink-0" />
      <bdi className="truncate">{t('for', { name: safeText(name) })}</bdi>
      <Button variant="ghost" size="icon-sm" aria-label={t('forRemove')} onClick={onRemove}>
        <X aria-hidden />
      </Button>
    </p>
  )
}

/** The files that go with the message. */
export function AttachedFiles({ files, onRemove }: { files: readonly Attached[]; onRemove: (key: string) => void }) {
  const t = useTranslations('composer')
  const amounts = useAmounts()
  if (files.length === 0) return null
  return (
    <ul aria-label={t('files')} className="flex flex-wrap gap-2 px-3 pt-3">
      {files.map(({ key, name, bytes, id, mediaType }) => (
        <li key={key} className="flex h-9 max-w-full items-center gap-2 rounded-md border bg-sunken pr-1 pl-2.5 text-xs">
          {id && isPicture(mediaType) ? (
            <Picture id={id} alt="" className="-ml-1 size-7 shrink-0 rounded-sm object-cover" />
          ) : id ? (
            <FileText aria-hidden className="size-4 shrink-0 text-faint" />
          ) : (
            <Loader aria-hidden className="size-4 shrink-0 animate-spin-slow" />
          )}
          <bdi className="max-w-48 truncate">{safeText(name)}</bdi>
          <span className="shrink-0 text-faint">{amounts.bytes(bytes)}</span>
          {!id && <span className="sr-only">{t('uploading', { name })}</span>}
          <Button variant="ghost" size="icon-sm" aria-label={t('remove', { name })} onClick={() => onRemove(key)}>
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  )
}
