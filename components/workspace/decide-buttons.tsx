'use client'

import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'

interface Props {
  className?: string
  /** What is decided about, where its name does not stand right beside. */
  about?: string
  onDecide: (decision: 'allow' | 'always' | 'deny') => void
}

/** A person's word on a tool call. Large enough for a thumb. */
export function DecideButtons({ className, about, onDecide }: Props) {
  const t = useTranslations('thread.approve')
  const label = (words: string) => (about ? `${words}: ${about}` : undefined)
  return (
    <div className={cn('flex flex-wrap gap-2', className)}>
      <Button variant="primary" aria-label={label(t('allow'))} onClick={() => onDecide('allow')}>
        {t('allow')}
      </Button>
      <Button aria-label={label(t('always'))} onClick={() => onDecide('always')}>
        {t('always')}
      </Button>
      <Button variant="danger" aria-label={label(t('deny'))} onClick={() => onDecide('deny')}>
        {t('deny')}
      </Button>
    </div>
  )
}
