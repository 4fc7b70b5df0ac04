'use client'

import { useTranslations } from 'next-intl'
import { Banner } from '@/components/ui/banner.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Scroller } from '@/components/ui/scroller.tsx'

interface Props {
  theirs: string
  onMine: () => void
  onTheirs: () => void
  onBoth: () => void
}

/** Says that a file was changed while somebody typed in it; both versions are there until one is chosen. */
export function ConflictBanner({ theirs, onMine, onTheirs, onBoth }: Props) {
  const t = useTranslations('files.conflict')
  return (
    <Banner tone="warn" title={t('title')} className="m-2 rounded-md px-3 py-2 text-sm">
      <p>{t('text')}</p>
      <details className="mt-1">
        <summary className="cursor-default text-muted">{t('look')}</summary>
        <Scroller className="mt-1 max-h-40 overflow-auto rounded border bg-sunken p-2">
          <pre className="font-mono text-xs">{theirs.slice(0, 20_000)}</pre>
        </Scroller>
      </details>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="sm" onClick={onBoth}>
          {t('both')}
        </Button>
        <Button size="sm" onClick={onTheirs}>
          {t('theirs')}
        </Button>
        <Button size="sm" variant="danger" onClick={onMine}>
          {t('mine')}
        </Button>
      </div>
    </Banner>
  )
}
