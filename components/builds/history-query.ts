import { queryKeys } from '@/components/client/query-keys.ts'
import type { BuildStatus, BuildSummary } from '@/server/builds/schema.ts'

export interface HistoryPage {
  builds: BuildSummary[]
  next: number | null
}

/** Under which the pages of a service's history are kept; a page of the app that has read the first one hands it over under it. */
export const historyKey = (service: string, status?: BuildStatus) => [...queryKeys.builds.list.queryKey({ service, status }), 'pages']

/** The first page in the form in which it is kept. */
export const historyStart = (page: HistoryPage) => ({ pages: [page], pageParams: [0] })
