'use client'

import { Check, CircleCheck, Download } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { CannotOpen } from '@/components/rotation/cannot-open.tsx'
import { Badge } from '@/components/ui/badge.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { FeedbackItem } from '@/server/feedback/schema.ts'
import { useSettle } from './use-settle.ts'

/** One thing that somebody told us. */
export function FeedbackEntry({ item }: { item: FeedbackItem }) {
  const t = useTranslations('feedback.list')
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-4 sm:flex-nowrap">
      <div className="min-w-0 flex-1 basis-full sm:basis-0">
        <p dir="auto" className="whitespace-pre-line text-sm leading-relaxed [overflow-wrap:anywhere]">
          {item.text}
        </p>
        <dl className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
          <Fact name={t('from')}>
            {item.email ? (
              <a href={`mailto:${encodeURIComponent(item.email)}`} className="rounded hover:text-ink hover:underline">
                <bdi>{item.email}</bdi>
              </a>
            ) : (
              <em>{t('anonymous')}</em>
            )}
          </Fact>
          <Fact name={t('page')}>
            <a href={item.page} rel="noreferrer" className="rounded text-accent hover:underline">
              <bdi className="[overflow-wrap:anywhere]">{item.page}</bdi>
            </a>
          </Fact>
          <Fact name={t('when')}>
            <TimeAgo at={item.createdAt} />
          </Fact>
        </dl>
        {item.userAgent && (
          <p className="mt-1 truncate text-faint text-xs" title={item.userAgent}>
            <span className="sr-only">{t('browser')} </span>
            <bdi>{item.userAgent}</bdi>
          </p>
        )}
      </div>
      {item.screenshot && <Picture id={item.id} />}
      <Settle item={item} />
    </li>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1">
      <dt className="sr-only">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function Settle({ item }: { item: FeedbackItem }) {
  const t = useTranslations('feedback.list')
  const alive = useAlive()
  const settle = useSettle()
  if (item.status === 'DONE') {
    return (
      <Badge tone="ok">
        <CircleCheck aria-hidden />
        {t('settled')}
      </Badge>
    )
  }
  return (
    <Button size="sm" disabled={!alive || settle.isPending} onClick={() => settle.mutate({ ids: [item.id] })}>
      <Check aria-hidden />
      {settle.isPending ? t('settling') : t('settle')}
      <span className="sr-only">{item.text.slice(0, 60)}</span>
    </Button>
  )
}

/** Small beside the words, large on demand, and as a file. */
function Picture({ id }: { id: string }) {
  const t = useTranslations('feedback')
  const address = `/api/feedback/${id}/screenshot`
  const [broken, setBroken] = useState(false)
  if (broken) return <CannotOpen what="file" className="max-w-56 text-xs" />
  return (
    <Dialog>
      <DialogTrigger
        className="shrink-0 overflow-hidden rounded-md border bg-sunken hover:border-line-strong"
        aria-label={t('list.openPicture')}
      >
        {/* biome-ignore lint/performance/noImgElement: it is for administrators alone and comes from no picture server. */}
        <img
          // One that failed before the page listened has told nobody.
          ref={(picture) => {
            if (picture?.complete && picture.naturalWidth === 0) setBroken(true)
          }}
          onError={() => setBroken(true)}
          src={address}
          alt=""
          loading="lazy"
          className="h-16 w-24 object-cover object-top"
        />
      </DialogTrigger>
      <DialogContent title={t('list.picture')} close={t('close')} className="max-w-5xl">
        {/* biome-ignore lint/performance/noImgElement: see above. */}
        <img src={address} alt={t('list.picture')} className="mx-auto max-h-[70dvh] w-auto max-w-full rounded-md border object-contain" />
        <div className="mt-4 flex justify-end">
          <Button asChild>
            <a href={address} download>
              <Download aria-hidden />
              {t('list.download')}
            </a>
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  )
}
