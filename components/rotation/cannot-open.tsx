'use client'

import { ShieldOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn.ts'

/** Stands where something is sealed that no key opens any more; what is around it stands as it did. */
export function CannotOpen({ what = 'sealed', className }: { what?: 'sealed' | 'file'; className?: string }) {
  const t = useTranslations('said')
  return (
    <span className={cn('inline-flex items-start gap-1.5 text-muted', className)}>
      <ShieldOff aria-hidden className="mt-0.5 size-4 shrink-0" />
      {t(what === 'file' ? 'fileCannotOpen' : 'cannotOpen')}
    </span>
  )
}
