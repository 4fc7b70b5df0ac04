'use client'

import { useTranslations } from 'next-intl'

const known = ['manual', 'project', 'issue', 'command-line', 'webhook', 'schedule'] as const

/** Why a build was started: ours are told in the reader's language, any other cause as it was written. */
export function Cause({ cause }: { cause: string }) {
  const t = useTranslations('cause')
  const code = known.find((name) => name === cause)
  return <span className="[overflow-wrap:anywhere]">{code ? t(code) : cause}</span>
}
