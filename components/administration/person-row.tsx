'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Avatar } from '@/components/ui/avatar.tsx'
import { Td, Tr } from '@/components/ui/table.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Person } from '@/server/administration/schema.ts'
import { ApproveButton } from './approve-button.tsx'
import { PersonState } from './person-state.tsx'

/** A person's picture, name and address; what people call themselves may run in either direction. */
export function PersonName({
  person,
  href,
  children,
}: {
  person: Pick<Person, 'name' | 'email' | 'image'>
  href: string
  children?: ReactNode
}) {
  return (
    <div className="flex min-w-0 items-center gap-2.5">
      <span aria-hidden className="shrink-0">
        <Avatar name={person.name ?? person.email} image={person.image} />
      </span>
      <div className="min-w-0">
        <p className="truncate">
          <Link href={href} className="rounded font-medium hover:text-accent hover:underline">
            <bdi>{person.name ?? person.email}</bdi>
          </Link>
          {children}
        </p>
        {person.name && (
          <p className="truncate text-faint text-xs">
            <bdi>{person.email}</bdi>
          </p>
        )}
      </div>
    </div>
  )
}

const hrefOf = (person: Person) => `/admin/users/${person.id}`

function LastLogin({ person }: { person: Person }) {
  const t = useTranslations('users')
  return person.lastLoginAt ? <TimeAgo at={person.lastLoginAt} /> : <span className="text-faint">{t('never')}</span>
}

/** A person's line on a wide screen. */
export function PersonRow({ person }: { person: Person }) {
  return (
    <Tr className="hover:bg-sunken/60">
      <Td className="max-w-96">
        <PersonName person={person} href={hrefOf(person)} />
      </Td>
      <Td>
        <PersonState person={person} />
      </Td>
      <Td className="tabular text-right">{person.projects}</Td>
      <Td>
        <LastLogin person={person} />
      </Td>
      <Td className="text-muted">
        <TimeAgo at={person.createdAt} />
      </Td>
      <Td className="w-0 text-right">{person.state === 'waiting' && <ApproveButton person={person} size="sm" />}</Td>
    </Tr>
  )
}

/** The same on a phone. */
export function PersonCard({ person }: { person: Person }) {
  const t = useTranslations('users.columns')
  return (
    <li className="grid grid-cols-1 gap-2 px-4 py-3">
      <PersonName person={person} href={hrefOf(person)} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <PersonState person={person} />
        {person.state === 'waiting' && <ApproveButton person={person} size="sm" />}
      </div>
      <p className="text-faint text-xs">
        {t('lastLogin')} <LastLogin person={person} />
      </p>
    </li>
  )
}
