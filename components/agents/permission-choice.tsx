'use client'

import { useTranslations } from 'next-intl'
import { cn } from '@/components/ui/cn.ts'
import { type Permission, permissions } from '@/server/agents/schema.ts'

const looks: Record<Permission, string> = {
  allowed: 'peer-checked:bg-ok-soft peer-checked:text-ok',
  ask: 'peer-checked:bg-warn-soft peer-checked:text-warn',
  denied: 'peer-checked:bg-bad-soft peer-checked:text-bad',
}

/** One of three: a tool may, has to ask, or may not. */
export function PermissionChoice(props: { name: string; label: string; value: Permission; onChange: (value: Permission) => void }) {
  const t = useTranslations('agentForm.permission')
  return (
    <fieldset className="inline-flex shrink-0 overflow-hidden rounded-md border">
      <legend className="sr-only">{props.label}</legend>
      {permissions.map((permission) => (
        <label key={permission} className="relative cursor-pointer border-l first:border-l-0">
          <input
            type="radio"
            name={props.name}
            value={permission}
            checked={props.value === permission}
            onChange={() => props.onChange(permission)}
            className="peer absolute inset-0 size-full cursor-pointer opacity-0"
          />
          <span
            className={cn(
              'block px-2.5 py-1 text-faint text-xs peer-checked:font-semibold peer-focus-visible:outline-2 peer-focus-visible:outline-accent peer-focus-visible:-outline-offset-2',
              looks[permission],
            )}
          >
            {t(permission)}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
