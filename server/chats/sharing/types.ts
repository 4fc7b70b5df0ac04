import type { ChatMessage } from '../schema.ts'

/** One page of a conversation as whoever has its link sees it. */
export interface SharedPage {
  title: string | null
  /** When it is removed if nobody takes it up again; null while it is pinned. */
  until: string | null
  items: ChatMessage[]
  next: string | null
  total: number
}
