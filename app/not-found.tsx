import { MainColumn } from '@/components/shell/main-column.tsx'
import { MissingPage } from '@/components/shell/missing-page.tsx'
import { PublicHeader } from '@/components/shell/public-header.tsx'
import { dress } from '@/server/core/dress.ts'

export default async function NotFound() {
  return (
    <>
      <PublicHeader me={null} theme={(await dress()).theme} />
      <MainColumn>
        <MissingPage />
      </MainColumn>
    </>
  )
}
