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

/** What a sweep did. */
export interface Swept {
  inactive: number
  closed: number
  removed: number
  packed: number
}
