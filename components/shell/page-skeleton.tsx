import { useTranslations } from 'next-intl'
import { Skeleton } from '@/components/ui/skeleton.tsx'

/** A page on its way: a heading and `rows` rows. */
export function PageSkeleton({ rows = 6 }: { rows?: number }) {
  const t = useTranslations('shell')
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{t('loading')}</span>
      <Skeleton className="mb-5 h-7 w-56" />
      <div className="grid gap-2">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same.
          <Skeleton key={row} className="h-11" />
        ))}
      </div>
    </div>
  )
}
