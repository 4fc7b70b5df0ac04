import { Cloud, CloudLightning, CloudRain, CloudSun, Sun } from 'lucide-react'
import { useFormatter, useTranslations } from 'next-intl'
import { Tooltip } from '@/components/ui/tooltip.tsx'

const skies = [
  [0.8, Sun, 'text-warn'],
  [0.6, CloudSun, 'text-warn'],
  [0.4, Cloud, 'text-idle'],
  [0.2, CloudRain, 'text-run'],
  [-1, CloudLightning, 'text-bad'],
] as const

/** How the last builds went, as Jenkins tells it: the share of successes, 0 to 1, as a sky and a figure. */
export function Weather({ share }: { share: number | null }) {
  const t = useTranslations('dashboard')
  const format = useFormatter()
  if (share === null) return <span className="text-faint">–</span>
  const [, Icon, colour] = skies.find(([from]) => share >= from) ?? skies[4]
  const percent = format.number(share, { style: 'percent' })
  return (
    <Tooltip text={t('weatherHint', { percent })}>
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} />
        <span className="tabular text-muted text-xs">{percent}</span>
      </span>
    </Tooltip>
  )
}
