'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Banner } from '@/components/ui/banner.tsx'
import { tokenLimits } from '@/server/tokens/schema.ts'
import { MadeToken } from './made-token.tsx'
import { TokenForm } from './token-form.tsx'
import { TokenTable } from './token-table.tsx'
import { useTokens } from './use-tokens.ts'

/** The person's API tokens: make one, see them, end them. */
export function TokensPage({ admin }: { admin: boolean }) {
  const t = useTranslations('tokens')
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null)
  const full = useTokens().length >= tokenLimits.perPerson
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-4">
      <p className="text-muted">
        {t('intro')}{' '}
        <Link href="/docs/api" className="text-accent underline underline-offset-4">
          {t('docs')}
        </Link>
      </p>
      {made && <MadeToken key={made.secret} {...made} onDismiss={() => setMade(null)} />}
      {full ? (
        <Banner tone="info">{t('many', { most: tokenLimits.perPerson })}</Banner>
      ) : (
        <TokenForm admin={admin} onMade={(name, secret) => setMade({ name, secret })} />
      )}
      <TokenTable />
    </div>
  )
}
