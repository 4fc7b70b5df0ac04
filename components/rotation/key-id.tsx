'use client'

import { useTranslations } from 'next-intl'
import { CopyButton } from '@/components/ui/copy-button.tsx'

const shownLetters = 8

/** The beginning of a key's id, and the whole of it to be copied; `name` says what kind of id it is. */
export function KeyId({ id, name }: { id: string; name: string }) {
  const t = useTranslations('keys')
  const short = id.length > shownLetters + 1 ? `${id.slice(0, shownLetters)}…` : id
  return (
    <span className="inline-flex items-center gap-1">
      <span title={id} className="font-mono text-xs">
        <span aria-hidden>{short}</span>
        <span className="sr-only">{id}</span>
      </span>
      <CopyButton text={id} label={t('copy', { name: `${name} ${short}` })} copied={t('copied')} failed={t('copyFailed')} />
    </span>
  )
}
