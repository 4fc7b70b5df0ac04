import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Footer } from '@/components/shell/footer.tsx'
import { MainColumn } from '@/components/shell/main-column.tsx'
import { PublicHeader } from '@/components/shell/public-header.tsx'
import { serverCaller } from '@/server/caller.ts'
import { dress } from '@/server/core/dress.ts'

/** The pages that everybody may see. They are drawn on the server alone; one that needs the browser wraps itself in `Alive` or `Words`. */
export default async function PublicLayout({ children }: { children: ReactNode }) {
  const [api, { theme }] = [await serverCaller(await headers()), await dress()]
  return (
    <>
      <PublicHeader me={await api.accounts.me()} theme={theme} />
      <MainColumn>{children}</MainColumn>
      <Footer />
    </>
  )
}
