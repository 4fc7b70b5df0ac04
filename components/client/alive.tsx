import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Toaster } from '@/components/ui/toaster.tsx'
import { Providers } from './provider.tsx'
import { type Namespace, Words } from './words.tsx'

// What the providers themselves say: the toast of a failed call.
const always = ['errors', 'said'] as const satisfies Namespace[]

/** Where the browser's side of a page begins: queries, procedures, tooltips, toasts, and the words of the components below. */
export async function Alive({ words, children }: { words: readonly Namespace[]; children: ReactNode }) {
  const t = await getTranslations('shell')
  return (
    <Words of={[...always, ...words]}>
      <Providers>
        {children}
        <Toaster label={t('notifications')} />
      </Providers>
    </Words>
  )
}
