import { env } from '@/server/core/env.ts'
import { projectFromEvent } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { registry } from '@/server/core/registry.ts'
import { packFiles } from '@/server/files/service.ts'
import * as data from '../data.ts'
import { removeChat } from '../history/manage.ts'
import { tellOfChat } from '../thread/writing.ts'
import { closesAfterMs, keptDayMs, restsAfterMs, type Swept } from './types.ts'

const atOnce = 200
type Row = Awaited<ReturnType<typeof data.findDue>>[number]

/** Does `work` with each; one that breaks keeps none of the others. Gives with how many it did something. */
async function each(rows: readonly Row[], what: string, work: (row: Row) => Promise<boolean>): Promise<number> {
  let done = 0
  for (const row of rows) {
    try {
      if (await work(row)) done++
    } catch (err) {
      logger.error({ err, sessionId: row.id }, `${what} a conversation failed`)
    }
  }
  return done
}

/** Whoever works in a conversation (an answer, a terminal, a preview) hears of it and ends. */
const settle = async (row: Row, what: 'inactive' | 'closed', before: Date, at: Date): Promise<boolean> => {
  if (!(await data.settle(row.id, what, before, at))) return false
  tellOfChat(row.ownerId, row.id, 'session')
  return true
}

const spaceOf = ({ spaceId }: Row) => projectFromEvent({ projectId: spaceId })

/**
 * Every few minutes, on each node: conversations without traffic rest, are closed after a week and removed when they have been closed for
 * as long as they are kept. The folders that lie here of those that rest are sealed and put away once nobody is at work in them.
 */
export async function sweepChats(): Promise<Swept> {
  const now = registry('clock').now()
  const ago = (ms: number) => new Date(now - ms)
  const at = new Date(now)
  const [resting, closing, gone] = [ago(restsAfterMs), ago(closesAfterMs), ago(env().MAESTRO_KEEP_CHATS_DAYS * keptDayMs)]
  const closed = await each(await data.findDue('closed', closing, atOnce), 'closing', (row) => settle(row, 'closed', closing, at))
  const inactive = await each(await data.findDue('inactive', resting, atOnce), 'resting', (row) => settle(row, 'inactive', resting, at))
  const removed = await each(await data.findDue('removed', gone, atOnce), 'removing', async (row) => {
    await removeChat(spaceOf(row), row.id, row.ownerId)
    return true
  })
  // A folder that was still in use is tried again by the next sweep.
  const packed = await each(await data.findResting(ago(2 * closesAfterMs)), 'packing', (row) => packFiles(spaceOf(row), row.id))
  return { inactive, closed, removed, packed }
}
