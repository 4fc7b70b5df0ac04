import { db, type Tx as Transaction } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'
import type { Prisma } from '@/server/core/generated/prisma/client.ts'
import type { ApprovalState, RunState } from '@/server/core/generated/prisma/enums.ts'

export type { Transaction }
export type RunRow = Prisma.ChatRunGetPayload<object>
export type ApprovalRow = Prisma.ToolApprovalGetPayload<object>

const open: RunState[] = ['QUEUED', 'RUNNING', 'WAITING']

/** Does several writes, or none of them. */
export const together = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
  db().$transaction(work, { maxWait: 10_000, timeout: 20_000 })

/** What a request has begun: the run, its answer, and the message that is answered. */
export const findByRequest = (actorId: ActorId, requestId: string) =>
  db().chatRun.findFirst({
    where: { requestId, ownerId: actorId },
    select: { id: true, messageId: true, message: { select: { parentId: true } } },
  })

export const findRun = (actorId: ActorId, sessionId: string, runId: string) =>
  db().chatRun.findFirst({ where: { id: runId, sessionId, ownerId: actorId } })

export const openRunOf = (tx: Transaction, sessionId: string) =>
  tx.chatRun.findFirst({ where: { sessionId, state: { in: open } }, select: { id: true } })

export const isBegun = async (tx: Transaction, id: string) => (await tx.chatRun.count({ where: { id } })) > 0

/** Makes sure that nobody else begins an answer in the same conversation at this moment. Gives how that is; null where it is gone. */
export async function lockSession(tx: Transaction, sessionId: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ status: string }[]>`
    SELECT status::text AS status FROM "ChatSession" WHERE id = ${sessionId} FOR UPDATE`
  return rows[0]?.status ?? null
}

/** A person's answers in the making, by their state and engine. */
export const countOpenRuns = async (actorId: ActorId): Promise<{ state: RunState; engine: string; count: number }[]> => {
  const where = { ownerId: actorId, state: { in: open } }
  const groups = await db().chatRun.groupBy({ by: ['state', 'engine'], where, _count: { _all: true } })
  return groups.map(({ state, engine, _count }) => ({ state, engine, count: _count._all }))
}

export const insertRun = (tx: Transaction, run: Prisma.ChatRunUncheckedCreateInput) => tx.chatRun.create({ data: run })

/**
 * Takes up what waits: what nobody began, what its process let go or fell silent about, and what an earlier life of this node left.
 * @param silentBefore whoever has not said since then that it is at it has ended
 */
export async function claimRuns(claim: {
  node: string
  /** What this node is at: none of it is taken up a second time, however long its process was busy. */
  held: readonly string[]
  former: string | null
  now: Date
  silentBefore: Date
  limit: number
}): Promise<RunRow[]> {
  const { node, held, former, now, silentBefore, limit } = claim
  const rows = await db().$queryRaw<{ id: string }[]>`
    UPDATE "ChatRun" SET node = ${node}, "heartbeatAt" = ${now}, attempt = attempt + 1, state = 'RUNNING', "startedAt" = coalesce("startedAt", ${now})
    WHERE id IN (
      SELECT id FROM "ChatRun"
      WHERE state = 'QUEUED' OR (state IN ('RUNNING', 'WAITING') AND NOT (id = ANY(${held}))
        AND ("heartbeatAt" IS NULL OR "heartbeatAt" < ${silentBefore} OR split_part(node, '#', 1) = ${former}))
      ORDER BY "createdAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`
  return db().chatRun.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, orderBy: { createdAt: 'asc' } })
}

/** Says that this node is still at its runs; gives those that are, and which of them are to end, should that not have been heard. */
export async function heartbeat(
  node: string,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, 'stopped' | 'suspended' | 'closed' | null>> {
  const rows = await db().$queryRaw<{ id: string; stopped: boolean; closed: boolean | null; suspended: boolean | null }[]>`
    UPDATE "ChatRun" r SET "heartbeatAt" = ${now} WHERE id = ANY(${ids}) AND node = ${node} AND state IN ('RUNNING', 'WAITING')
    RETURNING id, "stopAskedAt" IS NOT NULL AS stopped, (SELECT s.status = 'CLOSED' FROM "ChatSession" s WHERE s.id = r."sessionId") AS closed,
      (SELECT u."suspendedAt" IS NOT NULL FROM "User" u WHERE u.id = r."ownerId") AS suspended`
  return new Map(
    rows.map(({ id, stopped, closed, suspended }) => [id, stopped ? 'stopped' : suspended ? 'suspended' : closed ? 'closed' : null]),
  )
}

/**
 * Lets a run go, so that the next who looks takes it up.
 * @param counts whether that it was taken up counts: not where a process ended as it should
 */
export const releaseRun = (node: string, id: string, counts: boolean) =>
  db().chatRun.updateMany({
    where: { id, node, state: { in: open } },
    data: { node: null, heartbeatAt: null, ...(counts ? {} : { attempt: { decrement: 1 } }) },
  })

export const setRunState = (node: string, id: string, state: 'RUNNING' | 'WAITING') =>
  db().chatRun.updateMany({ where: { id, node, state: { in: ['RUNNING', 'WAITING'] } }, data: { state } })

/** Ends a node's run, once, and with it whatever waits for a person's word; `lost` where another node has it by now. */
export async function endRun(
  tx: Transaction,
  id: string,
  node: string,
  end: Prisma.ChatRunUncheckedUpdateManyInput & { endedAt: Date },
): Promise<'now' | 'before' | 'lost'> {
  const { count } = await tx.chatRun.updateMany({ where: { id, node, state: { in: open } }, data: end })
  if (count === 0) return (await tx.chatRun.count({ where: { id, state: { in: open } } })) > 0 ? 'lost' : 'before'
  await tx.toolApproval.updateMany({ where: { runId: id, state: 'WAITING' }, data: { state: 'EXPIRED', decidedAt: end.endedAt } })
  return 'now'
}

/** Asks for the end of a run, again where it did not hear; false where it is over. */
export async function askToStop(actorId: ActorId, sessionId: string, runId: string, now: Date): Promise<boolean> {
  const where = { id: runId, sessionId, ownerId: actorId, state: { in: open } }
  return (await db().chatRun.updateMany({ where, data: { stopAskedAt: now } })).count === 1
}

export const stopAsked = async (id: string) =>
  (await db().chatRun.findUnique({ where: { id }, select: { stopAskedAt: true } }))?.stopAskedAt != null

export const sessionStatus = async (sessionId: string) =>
  (await db().chatSession.findUnique({ where: { id: sessionId }, select: { status: true } }))?.status ?? null

/** Streams of runs that ended before a time and were not removed yet, with the space whose key seals them. */
export const endedStreams = (before: Date, take: number) =>
  db().chatRun.findMany({
    where: { endedAt: { lt: before }, streamId: { not: '' } },
    select: { id: true, streamId: true, session: { select: { spaceId: true } } },
    orderBy: { endedAt: 'asc' },
    take,
  })
export const forgetStream = (id: string) => db().chatRun.updateMany({ where: { id }, data: { streamId: '' } })

// Approvals

export const findApproval = (runId: string, callId: string) => db().toolApproval.findUnique({ where: { runId_callId: { runId, callId } } })

/** Asks once; asked before, it is what stands there. */
export async function askApproval(row: Prisma.ToolApprovalUncheckedCreateInput): Promise<ApprovalRow> {
  await db().toolApproval.createMany({ data: row, skipDuplicates: true })
  return db().toolApproval.findUniqueOrThrow({ where: { runId_callId: { runId: row.runId, callId: row.callId } } })
}

export const waitingApprovals = (actorId: ActorId) =>
  db().toolApproval.findMany({
    where: { ownerId: actorId, state: 'WAITING' },
    include: { run: { select: { message: { select: { agentName: true } } } } },
    orderBy: [{ askedAt: 'asc' }, { id: 'asc' }],
    take: 200,
  })

export const ownApproval = (actorId: ActorId, id: string) => db().toolApproval.findFirst({ where: { id, ownerId: actorId } })

/** Decides what still waits; false where somebody was first. */
export async function decide(
  id: string,
  state: ApprovalState,
  by: { actorId: ActorId | null; now: Date; always: boolean },
): Promise<boolean> {
  const data = { state, decidedById: by.actorId, decidedAt: by.now, always: by.always }
  return (await db().toolApproval.updateMany({ where: { id, state: 'WAITING' }, data })).count === 1
}

/** Allows what else waits for the same tool in the same run. */
export const allowAlike = (runId: string, tool: string, actorId: ActorId, now: Date) =>
  db().toolApproval.updateMany({
    where: { runId, tool, state: 'WAITING' },
    data: { state: 'ALLOWED', decidedById: actorId, decidedAt: now, always: true },
  })

export const allowedAlways = async (runId: string, tool: string) =>
  (await db().toolApproval.count({ where: { runId, tool, state: 'ALLOWED', always: true } })) > 0

/** What waits longer than it may, or for a run that is over: gives how many were closed. */
export async function expireApprovals(now: Date): Promise<number> {
  const where = { state: 'WAITING' as const, OR: [{ expiresAt: { lte: now } }, { run: { state: { notIn: open } } }] }
  return (await db().toolApproval.updateMany({ where, data: { state: 'EXPIRED', decidedAt: now } })).count
}

/** Whether a run is a node's, or over. */
export async function isHeldBy(id: string, node: string): Promise<boolean> {
  const row = await db().chatRun.findUnique({ where: { id }, select: { node: true, state: true } })
  return row !== null && (row.node === node || !open.includes(row.state))
}
