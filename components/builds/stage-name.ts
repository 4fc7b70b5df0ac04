'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import type { StageView } from '@/server/builds/schema.ts'

const known = [
  'specification',
  'architecture',
  'tasks',
  'acceptance-tests',
  'frontend',
  'backend',
  'integration',
  'tests',
  'review',
  'deployment',
  'monitoring',
] as const

/** Names the crew's own stages in the reader's language, every other stage as its definition does. */
export function useStageName(): (stage: Pick<StageView, 'key' | 'name' | 'branch'>) => string {
  const t = useTranslations('stages')
  return useCallback(
    (stage) => {
      const repair = /^repair-(\d+)-(.+)$/.exec(stage.key)
      const later = /^(.+)-(\d+)$/.exec(stage.key)
      const base = repair?.[2] ?? later?.[1] ?? stage.key
      const code = known.find((name) => name === base)
      if (!code) return stage.branch ?? stage.name
      const name = t(code)
      if (repair) return t('repair', { name, round: repair[1] ?? '' })
      return later ? t('round', { name, round: later[2] ?? '' }) : name
    },
    [t],
  )
}
