import { queryKeys } from '@/components/client/query-keys.ts'
import { type PeopleFilter, type PeopleSort, type Person, peopleFilters, peopleSorts } from '@/server/administration/schema.ts'

/** What the list of people shows. */
export interface PeopleView {
  search: string
  filter: PeopleFilter
  sort: PeopleSort
}
export interface PeoplePage {
  items: Person[]
  next: string | null
}

const one = (value: unknown) => (typeof value === 'string' ? value : '')

/** What an address asks for; what it gets wrong is as if it were not there. */
export function peopleView(params: Record<string, unknown>): PeopleView {
  return {
    search: one(params.search).replaceAll('\0', '').slice(0, 200),
    filter: peopleFilters.find((known) => known === params.filter) ?? 'all',
    sort: peopleSorts.find((known) => known === params.sort) ?? 'newest',
  }
}

/** Under which the list's pages are kept. */
export const peopleKey = (view: PeopleView) => [...queryKeys.administration.users.queryKey(view), 'pages']

/** The first page in the form in which it is kept. */
export const peopleStart = (page: PeoplePage) => ({ pages: [page], pageParams: [''] })
