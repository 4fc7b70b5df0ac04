'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import type { StageView } from '@/server/builds/schema.ts'

const known = [
  'specification',
  'architecture',
  'tasks',
  'acceptance-tests',
  'development',
  'frontend',
  'backend',
  'integration',
  'tests',
  'repairs',
  'deployment',
  'monitoring',
] as const

/** Names the crew's own stages in the reader's language, every other stage as its definition does. */
export function useStageName(): (stage: Pick<StageView, 'key' | 'name' | 'branch'>) => string {
  const t = useTranslations('stages')
  return useCallback(
    (stage) => {
      const [, base = '', round] = /^(.*?)(?:-(\d+))?$/.exec(stage.key) ?? []
      const code = known.find((name) => name === base)
      if (!code) return stage.branch ?? stage.name
      return round ? t('round', { name: t(code), round }) : t(code)
    },
    [t],
  )
}
