'use client'

import { BookOpen, FileText, Image, Info } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { Part } from '@/server/chats/schema.ts'
import { useChatActions } from './chat-actions.tsx'
import { Fold } from './fold.tsx'
import { useAmounts } from './money.ts'
import { attachmentPath, isPicture, Picture } from './picture.tsx'
import { safeText } from './safe-text.ts'

/** A file that came with a message: a picture is shown, and opens whole; any other is saved. */
export function FilePart({ part }: { part: Extract<Part, { type: 'file' }> }) {
  const amounts = useAmounts()
  const actions = useChatActions()
  const Icon = part.mediaType.startsWith('image/') ? Image : FileText
  const body = (
    <>
      <Icon aria-hidden className="size-4 shrink-0 text-faint" />
      <bdi className="min-w-0 truncate">{safeText(part.name)}</bdi>
      <span className="shrink-0 text-faint text-xs">{amounts.bytes(part.bytes)}</span>
    </>
  )
  const look = 'inline-flex h-9 max-w-full items-center gap-2 rounded-md border bg-surface px-3'
  if (!actions) return <span className={look}>{body}</span>
  const href = attachmentPath(part.attachmentId)
  if (isPicture(part.mediaType))
    return (
      <a
        href={href}
        target="_blank"
        rel="noreferrer"
        className="block w-fit max-w-full overflow-hidden rounded-md border bg-surface hover:bg-sunken"
      >
        {/* Its place is kept, so that nothing moves when it comes. */}
        <Picture id={part.attachmentId} alt={safeText(part.name)} className="h-32 min-w-24 max-w-full object-contain" />
        <span className="flex max-w-full items-center gap-2 border-t px-3 py-1.5 text-xs">{body}</span>
      </a>
    )
  return (
    <a href={href} download className={`${look} hover:bg-sunken`}>
      {body}
    </a>
  )
}

/** What the platform says about an answer. */
export function NoticePart({ part }: { part: Extract<Part, { type: 'notice' }> }) {
  const t = useTranslations('thread.notice')
  return (
    <p className="flex items-start gap-2 rounded-md bg-sunken px-3 py-2 text-muted text-xs">
      <Info aria-hidden className="mt-px size-3.5 shrink-0" />
      {t(part.notice, part.values)}
    </p>
  )
}

/** Passages of documents that an answer rests on, numbered as it cites them. */
export function SourcesPart({ part, cited }: { part: Extract<Part, { type: 'sources' }>; cited: number }) {
  const t = useTranslations('thread.sources')
  const [open, setOpen] = useState(false)
  return (
    <Fold open={open} onOpen={setOpen} icon={<BookOpen aria-hidden />} title={t('title', { count: part.items.length })}>
      <ol className="grid gap-2">
        {part.items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the sources of an answer never change places.
          <li key={index} className="rounded-md border px-3 py-2">
            <p className="flex flex-wrap items-baseline gap-x-2 font-medium">
              <span className="tabular text-faint">[{cited + index + 1}]</span>
              <bdi className="[overflow-wrap:anywhere]">{safeText(item.name)}</bdi>
              {item.page !== null && <span className="text-faint text-xs">{t('page', { page: item.page })}</span>}
            </p>
            <p dir="auto" className="mt-1 line-clamp-6 whitespace-pre-line text-muted text-xs [overflow-wrap:anywhere]">
              {safeText(item.text)}
            </p>
          </li>
        ))}
      </ol>
    </Fold>
  )
}
