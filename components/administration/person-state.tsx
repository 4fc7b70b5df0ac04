import { CircleCheck, CircleSlash, Hourglass, ShieldCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import type { Person } from '@/server/administration/schema.ts'

const looks = {
  approved: { icon: CircleCheck, tone: 'ok' },
  waiting: { icon: Hourglass, tone: 'warn' },
  suspended: { icon: CircleSlash, tone: 'bad' },
} as const

/** Whether somebody may work here, and whether they are an administrator. */
export function PersonState({ person, long }: { person: Pick<Person, 'state' | 'admin'>; long?: boolean }) {
  const t = useTranslations('users')
  const { icon: Icon, tone } = looks[person.state]
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge tone={tone}>
        <Icon aria-hidden />
        {t(`states.${person.state}`)}
      </Badge>
      {person.admin && (
        <Badge tone="accent">
          <ShieldCheck aria-hidden />
          {t(long ? `admin.${person.admin}` : 'admin.short')}
        </Badge>
      )}
    </span>
  )
}
