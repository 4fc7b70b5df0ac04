import { env } from '@/server/core/env.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A conversation rests after so long without traffic, and is closed after so long. */
export const restsAfterMs = 30 * minuteMs
export const closesAfterMs = 7 * dayMs
export const keptDayMs = dayMs
/** Whoever has not answered for so long, and has no page open, is written to. */
export const writesAfterMs = 10 * minuteMs
/** Somebody who was seen this recently has a page open. */
export const presentForMs = 6 * minuteMs

/** When a conversation is removed if nobody takes it up again: it is kept for some time after it was closed, and as long as it is pinned. */
export function keptUntil({ pinnedAt, closedAt, lastActiveAt }: { pinnedAt: Date | null; closedAt: Date | null; lastActiveAt: Date }) {
  if (pinnedAt) return null
  const closes = closedAt?.getTime() ?? lastActiveAt.getTime() + closesAfterMs
  return new Date(closes + env().MAESTRO_KEEP_CHATS_DAYS * keptDayMs).toISOString()
}

/** What a sweep did. */
export interface Swept {
  inactive: number
  closed: number
  removed: number
  packed: number
}
