'use client'

import { useTranslations } from 'next-intl'
import { Badge } from '@/components/ui/badge.tsx'
import type { Tasks } from '@/server/crews/schema.ts'

/** How the architect split the work. */
export function TasksView({ tasks }: { tasks: Tasks['tasks'] }) {
  const t = useTranslations('roles.names')
  return (
    <ol className="grid gap-3">
      {tasks.map((task) => (
        <li key={task.id} className="rounded-md border px-4 py-3">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-mono text-faint text-xs">{task.id}</span>
            <span className="font-medium">{task.title}</span>
            <Badge tone="accent">{t(task.role)}</Badge>
          </p>
          <p className="mt-1 text-muted [overflow-wrap:anywhere]">{task.detail}</p>
          <p className="mt-1 font-mono text-faint text-xs [overflow-wrap:anywhere]">{[...task.files, ...task.criteria].join('  ')}</p>
        </li>
      ))}
    </ol>
  )
}
