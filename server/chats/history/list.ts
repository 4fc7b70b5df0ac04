import type { z } from 'zod'
import { type ActorId, type ProjectId, spaceForActor } from '@/server/core/gates.ts'
import { registry } from '@/server/core/registry.ts'
import * as data from '../data.ts'
import { type listChatsInput, type listChatsOutput, searchLimits } from '../schema.ts'
import { openTitle, partsOf, viewsOf } from '../thread/views.ts'
import type { Budget, Listed } from './types.ts'
import { saidIn, snippetOf, wordsOf } from './words.ts'

type Input = z.infer<typeof listChatsInput>
type Output = z.infer<typeof listChatsOutput>

const mostPinned = 100
const messagesAtOnce = 200
const chatsAtOnce = 50
/** Of those that are pinned, all of which stand before the latest of the others. */
const pinnedTime = '9999-12-31T00:00:00.000Z'
const cursorOf = (row: data.ChatRow) => `${row.pinnedAt === null ? row.lastActiveAt.toISOString() : pinnedTime}~${row.id}`

const cursorPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~([\da-z-]{1,40})$/

/** Where a page of older ones begins; a cursor that is none begins anew. */
function placeOf(before: string | undefined): { at: Date; id: string } | null {
  const [, time = '', id = ''] = cursorPattern.exec(before ?? '') ?? []
  const at = new Date(time)
  return id && !Number.isNaN(at.getTime()) ? { at, id } : null
}

/** One page of a person's conversations: pinned ones first, then the latest. With words to look for only those that have them. */
export async function listChats(actorId: ActorId, input: Input): Promise<Output> {
  const spaceId = await spaceForActor(actorId)
  if (input.search) return search(actorId, spaceId, input.search, input)
  const { archived, limit } = input
  const after = placeOf(input.before)
  const [pinned, rows] = await Promise.all([
    after ? [] : data.findPinned(actorId, archived, mostPinned),
    data.findList(actorId, { archived, after, limit: limit + 1 }),
  ])
  const shown = rows.slice(0, limit)
  const items = await viewsOf(spaceId, [...pinned, ...shown])
  const last = shown.at(-1)
  return { items: items.map((chat) => ({ ...chat, snippet: null })), next: rows.length > limit && last ? cursorOf(last) : null, cut: false }
}

/** Where the words stand in a conversation, the newest place; null where they do not, `spent` where there was no time to find out. */
async function lookInto(spaceId: ProjectId, sessionId: string, words: readonly string[], budget: Budget): Promise<string | null | 'spent'> {
  for (let skip = 0; ; skip += messagesAtOnce) {
    if (budget.bytes <= 0 || registry('clock').now() >= budget.until) return 'spent'
    const rows = await data.findSaid(sessionId, skip, messagesAtOnce)
    for (const row of rows) {
      budget.bytes -= row.sealed.length
      const parts = await partsOf(spaceId, row)
      const snippet = parts && snippetOf(saidIn(parts), words)
      if (snippet) return snippet
    }
    if (rows.length < messagesAtOnce) return null
  }
}

/** The pinned ones that a search still has to look into: those behind its cursor. */
async function pinnedAfter(actorId: ActorId, archived: boolean, after: ReturnType<typeof placeOf>): Promise<data.ChatRow[]> {
  if (after && after.at.toISOString() !== pinnedTime) return []
  const pinned = await data.findPinned(actorId, archived, mostPinned)
  if (!after) return pinned
  const at = pinned.findIndex(({ id }) => id === after.id)
  return at < 0 ? [] : pinned.slice(at + 1)
}

/** Looks for words in titles and in what was said, from the latest conversation on, as far as a search may go. */
async function search(actorId: ActorId, spaceId: ProjectId, wanted: string, { archived, before, limit }: Input): Promise<Output> {
  const words = wordsOf(wanted)
  const budget: Budget = { bytes: searchLimits.bytes, until: registry('clock').now() + searchLimits.ms }
  const found: { row: data.ChatRow; snippet: string | null }[] = []
  const answer = async (next: string | null, cut: boolean): Promise<Output> => {
    const chats = await viewsOf(
      spaceId,
      found.map(({ row }) => row),
    )
    return { items: chats.map((chat, at): Listed => ({ ...chat, snippet: found[at]?.snippet ?? null })), next, cut }
  }
  let after = placeOf(before)
  let rows = await pinnedAfter(actorId, archived, after)
  let last: string | null = null
  for (;;) {
    for (const row of rows) {
      const title = await openTitle(spaceId, row.id, row.titleSealed)
      const snippet = await lookInto(spaceId, row.id, words, budget)
      const named = title !== null && snippetOf(title, words) !== null
      // One that is too long for a whole search is passed over by the next one, which would come no further either.
      if (snippet === 'spent' && last === null && named) found.push({ row, snippet: null })
      if (snippet === 'spent') return answer(last ?? cursorOf(row), true)
      if (snippet !== null || named) found.push({ row, snippet })
      last = cursorOf(row)
      if (found.length >= limit) return answer(last, false)
    }
    rows = await data.findList(actorId, { archived, after, limit: chatsAtOnce })
    const end = rows.at(-1)
    if (!end) return answer(null, false)
    after = { at: end.lastActiveAt, id: end.id }
  }
}
