export const groups = ['pinned', 'today', 'yesterday', 'week', 'month', 'older'] as const
export type Group = (typeof groups)[number]

const dayMs = 86_400_000

/** The number of a moment's day where the reader is; the server, which cannot know that, takes UTC. */
function dayIn(at: Date, timeZone: string): number {
  const [year, month, day] = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    .format(at)
    .split('-')
    .map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1) / dayMs
}

interface Placed {
  pinned: boolean
  lastActiveAt: string
}

/** Below which heading a conversation stands. */
function groupOf({ pinned, lastActiveAt }: Placed, now: Date, timeZone: string): Group {
  if (pinned) return 'pinned'
  const days = dayIn(now, timeZone) - dayIn(new Date(lastActiveAt), timeZone)
  if (days <= 0) return 'today'
  if (days === 1) return 'yesterday'
  return days < 7 ? 'week' : days < 30 ? 'month' : 'older'
}

/** A list in its groups, each with at least one. */
export function inGroups<T extends Placed>(items: readonly T[], now: Date, timeZone: string): { group: Group; items: T[] }[] {
  const found = groups.map((group) => ({ group, items: items.filter((item) => groupOf(item, now, timeZone) === group) }))
  return found.filter((one) => one.items.length > 0)
}
