import { Header } from '@/components/shell/header.tsx'
import { MainColumn } from '@/components/shell/main-column.tsx'
import { MissingPage } from '@/components/shell/missing-page.tsx'

export default function NotFound() {
  return (
    <>
      <Header home="/" />
      <MainColumn>
        <MissingPage />
      </MainColumn>
    </>
  )
}
