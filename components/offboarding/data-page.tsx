'use client'

import { DeleteAccount } from './delete-account.tsx'
import { ExportCard } from './export-card.tsx'

/** What is known of the person: taken along, or removed. */
export function DataPage({ admin }: { admin: boolean }) {
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      <ExportCard />
      <DeleteAccount admin={admin} />
    </div>
  )
}
