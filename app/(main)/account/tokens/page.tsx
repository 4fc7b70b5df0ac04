import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { Hydrate } from '@/components/client/hydrate.tsx'
import { load } from '@/components/client/load.ts'
import { queryKeys } from '@/components/client/query-keys.ts'
import { TokensPage } from '@/components/tokens/tokens-page.tsx'
import { serverCaller } from '@/server/caller.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('profile'))('tabs.tokens') }
}

export default async function AccountTokensPage() {
  const api = await serverCaller(await headers())
  const [tokens, me] = await load('/account/tokens', Promise.all([api.tokens.list(), api.accounts.me()]))
  return (
    <Hydrate words={['tokens']} data={[[queryKeys.tokens.list.queryKey(), tokens]]}>
      <TokensPage admin={me?.admin ?? false} />
    </Hydrate>
  )
}
