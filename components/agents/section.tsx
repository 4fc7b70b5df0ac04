import type { ReactNode } from 'react'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'

/** One part of the form under its name. */
export function FormSection({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <Card>
      <CardHeader title={title}>{aside}</CardHeader>
      <CardBody className="grid grid-cols-1 gap-5">{children}</CardBody>
    </Card>
  )
}
