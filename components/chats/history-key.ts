import type { Chat } from '@/server/chats/schema.ts'

/** How many conversations a page of the list has. */
export const historyPage = 40
export type Listed = Chat & { snippet: string | null }
export interface HistoryPage {
  items: Listed[]
  next: string | null
  cut: boolean
}

/** Under which name the list is kept: the same for a page that hands over its beginning and for the browser. */
export const historyKey = (path: readonly unknown[], search = '', archived = false) => [...path, 'history', { search, archived }]

/** The list's beginning as the browser keeps it. */
export const historyStart = (first: HistoryPage) => ({ pages: [first], pageParams: [''] })
