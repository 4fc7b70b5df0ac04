'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { UserSearch } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPCClient } from '@/components/client/trpc.ts'
import { useAddress } from '@/components/client/use-address.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { EmptyState } from '@/components/ui/empty-state.tsx'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { Skeleton } from '@/components/ui/skeleton.tsx'
import { Table, Th } from '@/components/ui/table.tsx'
import type { Person } from '@/server/administration/schema.ts'
import { type PeopleView, peopleKey } from './people-query.ts'
import { PeopleToolbar } from './people-toolbar.tsx'
import { PersonCard, PersonRow } from './person-row.tsx'

function usePeople(view: PeopleView) {
  const client = useTRPCClient()
  return useInfiniteQuery({
    queryKey: peopleKey(view),
    queryFn: ({ pageParam, signal }) => client.administration.users.query({ ...view, cursor: pageParam || undefined }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** Everybody who ever signed in: searched as one types, filtered, sorted, a page at a time. */
export function PeopleList({ start }: { start: PeopleView }) {
  const t = useTranslations('users')
  const [view, setView] = useState(start)
  const search = useSettled(view.search.trim(), 200)
  const people = usePeople({ ...view, search })
  const { filter, sort } = view
  useAddress({ search, filter: filter === 'all' ? undefined : filter, sort: sort === 'newest' ? undefined : sort })
  const items = people.data?.pages.flatMap((page) => page.items) ?? []
  const everybody = () => setView({ ...view, search: '', filter: 'all' })
  return (
    <>
      <PageHeader className="mb-4" title={t('title')} />
      <Card className="overflow-hidden" aria-busy={people.isFetching}>
        <PeopleToolbar view={view} onChange={(change) => setView({ ...view, ...change })} />
        {people.isPending ? <Loading /> : items.length > 0 ? <People people={items} /> : <Nobody onAll={everybody} />}
        {people.hasNextPage && (
          <div className="border-t p-2 text-center">
            <Button variant="ghost" size="sm" onClick={() => people.fetchNextPage()} disabled={people.isFetchingNextPage}>
              {t('more')}
            </Button>
          </div>
        )}
      </Card>
    </>
  )
}

function People({ people }: { people: Person[] }) {
  const t = useTranslations('users.columns')
  return (
    <>
      <div className="hidden md:block">
        <Table>
          <thead className="bg-sunken">
            <tr>
              <Th>{t('person')}</Th>
              <Th>{t('state')}</Th>
              <Th className="text-right">{t('projects')}</Th>
              <Th>{t('lastLogin')}</Th>
              <Th>{t('joined')}</Th>
              <Th>
                <span className="sr-only">{t('action')}</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <PersonRow key={person.id} person={person} />
            ))}
          </tbody>
        </Table>
      </div>
      <ul className="divide-y md:hidden">
        {people.map((person) => (
          <PersonCard key={person.id} person={person} />
        ))}
      </ul>
    </>
  )
}

function Nobody({ onAll }: { onAll: () => void }) {
  const t = useTranslations('users')
  return (
    <EmptyState icon={<UserSearch aria-hidden />} title={t('none')} action={<Button onClick={onAll}>{t('everybody')}</Button>}>
      {t('noneText')}
    </EmptyState>
  )
}

function Loading() {
  const t = useTranslations('users')
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{t('loading')}</span>
      {[1, 2, 3, 4].map((row) => (
        <Skeleton key={row} className="h-9" />
      ))}
    </div>
  )
}
