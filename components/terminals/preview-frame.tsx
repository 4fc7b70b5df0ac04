'use client'

import { ExternalLink, Monitor, RotateCw, Smartphone } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Tooltip } from '@/components/ui/tooltip.tsx'
import { useBlocked } from './use-preview.ts'

const widths = { desktop: Monitor, phone: Smartphone } as const
type Width = keyof typeof widths

function FrameBar(props: { url: string; width: Width; onWidth: (width: Width) => void; onReload: () => void }) {
  const t = useTranslations('preview')
  return (
    <div className="flex shrink-0 items-center gap-1 border-y bg-surface px-2 py-1">
      <bdi className="min-w-0 flex-1 truncate font-mono text-faint text-xs">{new URL(props.url).host}</bdi>
      <fieldset className="flex gap-1 max-sm:hidden">
        <legend className="sr-only">{t('width')}</legend>
        {(Object.keys(widths) as Width[]).map((name) => {
          const Icon = widths[name]
          return (
            <Tooltip key={name} text={t(name)}>
              <Button
                size="icon-sm"
                variant="ghost"
                aria-label={t(name)}
                aria-pressed={props.width === name}
                className={cn(props.width === name && 'bg-accent-soft text-accent')}
                onClick={() => props.onWidth(name)}
              >
                <Icon aria-hidden />
              </Button>
            </Tooltip>
          )
        })}
      </fieldset>
      <Tooltip text={t('reload')}>
        <Button size="icon-sm" variant="ghost" aria-label={t('reload')} onClick={props.onReload}>
          <RotateCw aria-hidden />
        </Button>
      </Tooltip>
      <Tooltip text={t('open')}>
        <Button asChild size="icon-sm" variant="ghost">
          <a href={props.url} target="_blank" rel="noopener noreferrer" aria-label={t('open')}>
            <ExternalLink aria-hidden />
          </a>
        </Button>
      </Tooltip>
    </div>
  )
}

/** The app itself, in a frame of another origin that can do nothing to this page. */
export function PreviewFrame({ url }: { url: string }) {
  const t = useTranslations('preview')
  const [width, setWidth] = useState<Width>('desktop')
  const [round, setRound] = useState(0)
  const blocked = useBlocked(url)
  return (
    <div className="flex min-h-80 flex-1 flex-col">
      <FrameBar url={url} width={width} onWidth={setWidth} onReload={() => setRound(round + 1)} />
      {blocked ? (
        <Banner
          tone="info"
          title={t('blockedTitle')}
          className="m-3"
          action={
            <Button size="sm" onClick={() => window.location.reload()}>
              {t('reloadPage')}
            </Button>
          }
        >
          {t('blockedText')}
        </Banner>
      ) : (
        <div className="flex min-h-0 flex-1 justify-center overflow-auto bg-sunken">
          <iframe
            key={`${url} ${round}`}
            src={url}
            title={t('frame')}
            sandbox="allow-scripts allow-forms allow-same-origin"
            referrerPolicy="no-referrer"
            className={cn('h-full min-h-80 border-0 bg-[#fff]', width === 'phone' ? 'w-[390px] max-w-full border-x' : 'w-full')}
          />
        </div>
      )}
    </div>
  )
}
