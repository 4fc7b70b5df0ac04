'use client'

import { useTranslations } from 'next-intl'

const known: [RegExp, 'manual' | 'member' | 'issue' | 'github-issue' | 'files'][] = [
  [/^Started by a member$/, 'member'],
  [/^Started by /, 'manual'],
  [/^Issue$/, 'issue'],
  [/^GitHub issue$/, 'github-issue'],
  [/^Files of a conversation$/, 'files'],
]

/** Why a build was started: our own causes are told in the reader's language, any other as it was written. */
export function Cause({ cause }: { cause: string }) {
  const t = useTranslations('cause')
  const code = known.find(([pattern]) => pattern.test(cause))?.[1]
  return <bdi className="[overflow-wrap:anywhere]">{code ? t(code) : cause}</bdi>
}
