'use client'

import { useTranslations } from 'next-intl'
import { useDemoModel } from '@/components/client/demo-model.tsx'
import { useMoney } from './use-money.ts'

/** What is to be known of costs where the demo model stands in; null elsewhere. */
export function useDemoCost(): string | null {
  const t = useTranslations('shell')
  return useDemoModel() ? t('demoCost') : null
}

/** An amount of money; where the demo model stands in it says that nobody pays it. */
export function Cost({ micros }: { micros: number }) {
  const t = useTranslations('shell')
  const money = useMoney()
  const told = useDemoCost()
  if (!told) return money(micros)
  return (
    <span title={told} className="relative">
      {money(micros)} <span className="font-normal text-faint text-xs">({t('demo')})</span>
      <span className="sr-only"> {told}</span>
    </span>
  )
}
