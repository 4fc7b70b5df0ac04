import { db, pool, type Tx } from '@/server/core/db.ts'
import type { ActorId } from '@/server/core/gates.ts'
import type { AgentSharing, AgentStatus } from '@/server/core/generated/prisma/enums.ts'
import { cardColumns, cardJoins, listSql, sharedSql } from './list/sql.ts'
import type { ListAnswer, ListQuery, ListRow } from './list/types.ts'

export const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db().$transaction(work)

export type AgentRow = ListRow & { createdAt: string; sealed: Buffer; projectId: string | null; failures: number }

/** One page of the agents that a person may use. */
export async function findList(actorId: ActorId, projectIds: readonly string[], query: ListQuery): Promise<ListAnswer> {
  return (await pool().query<ListAnswer>(listSql(actorId, projectIds, query))).rows[0] as ListAnswer
}

const usableSql = `SELECT ${cardColumns}, to_char(a."createdAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt", a.sealed, a."projectId", a.failures
  FROM "Agent" a ${cardJoins} WHERE a.id = $3 AND (a."ownerId" = $1 OR ${sharedSql})`

/** One agent that a person may use, archived or not. */
export async function findUsable(actorId: ActorId, projectIds: readonly string[], id: string): Promise<AgentRow | null> {
  const { rows } = await pool().query<AgentRow>({ name: 'agents-usable', text: usableSql, values: [actorId, projectIds, id] })
  return rows[0] ?? null
}

/** Which agent of a person's a request made; `other` where the request was somebody else's. */
export async function findByRequest(tx: Tx, actorId: ActorId, requestId: string): Promise<{ id: string; other: boolean } | null> {
  const row = await tx.agent.findUnique({ where: { requestId }, select: { id: true, ownerId: true } })
  return row && { id: row.id, other: row.ownerId !== actorId }
}

/** What of an agent's row a save writes. */
export interface Saved {
  name: string
  description: string
  tags: string[]
  avatar: string
  model: string
  engine: string
  sharing: AgentSharing
  projectId: string | null
  sealed: Uint8Array<ArrayBuffer>
}

/** A version as it is stored. */
export interface SavedVersion {
  id: string
  number: number
  sealed: Uint8Array<ArrayBuffer>
}

/** Holds a person's row to the end of the transaction, so that requests at once do not each find room; gives how many agents there are. */
export async function lockAndCount(tx: Tx, actorId: ActorId): Promise<number> {
  await tx.$queryRaw`SELECT 1 FROM "User" WHERE id = ${actorId} FOR UPDATE`
  return tx.agent.count({ where: { ownerId: actorId } })
}

export async function insertAgent(
  tx: Tx,
  agent: Saved & { id: string; ownerId: ActorId; requestId: string; status: AgentStatus; createdAt: Date },
  version: SavedVersion,
): Promise<void> {
  await tx.agent.create({ data: { ...agent, updatedAt: agent.createdAt } })
  await tx.agentVersion.create({ data: { ...version, agentId: agent.id, authorId: agent.ownerId, createdAt: agent.createdAt } })
}

/** Writes a new version of a person's own agent over the one they saw, which forgets the errors it had; false where another came between. Only the newest `keep` stay. */
export async function saveVersion(
  tx: Tx,
  { actorId, id, at, keep }: { actorId: ActorId; id: string; at: Date; keep: number },
  agent: Saved & { status: AgentStatus },
  version: SavedVersion,
): Promise<boolean> {
  const { count } = await tx.agent.updateMany({
    where: { id, ownerId: actorId, version: version.number - 1 },
    data: { ...agent, version: version.number, updatedAt: at, failures: 0, statusReason: null },
  })
  if (count === 0) return false
  await tx.agentVersion.create({ data: { ...version, agentId: id, authorId: actorId, createdAt: at } })
  await tx.agentVersion.deleteMany({ where: { agentId: id, number: { lte: version.number - keep } } })
  return true
}

/** Gives a person's own agent another status, which forgets the errors it had; false where there is none such. */
export async function setStatus(tx: Tx, actorId: ActorId, id: string, status: AgentStatus): Promise<boolean> {
  const data = { status, statusReason: null, failures: 0 }
  return (await tx.agent.updateMany({ where: { id, ownerId: actorId }, data })).count === 1
}

/** Puts a person's own agent away, or takes it out again. */
export async function setArchived(actorId: ActorId, id: string, archivedAt: Date | null): Promise<void> {
  await db().agent.updateMany({ where: { id, ownerId: actorId }, data: { archivedAt } })
}

/** Where the bytes of a person's own agent's documents lie. */
export const documentObjects = async (actorId: ActorId, agentId: string): Promise<string[]> => {
  const rows = await db().memoryDocument.findMany({ where: { agentId, agent: { ownerId: actorId } }, select: { objectKey: true } })
  return rows.map(({ objectKey }) => objectKey)
}

export async function deleteAgent(tx: Tx, actorId: ActorId, id: string): Promise<boolean> {
  return (await tx.agent.deleteMany({ where: { id, ownerId: actorId } })).count === 1
}

const versionsSql = `SELECT v.number, coalesce(u."displayName", u.name, u.email) AS author, v."createdAt"
  FROM "AgentVersion" v JOIN "Agent" a ON a.id = v."agentId" LEFT JOIN "User" u ON u.id = v."authorId"
  WHERE a.id = $2 AND a."ownerId" = $1 ORDER BY v.number DESC`

/** The versions of a person's own agent, the newest first. */
export async function findVersions(actorId: ActorId, id: string): Promise<{ number: number; author: string | null; createdAt: Date }[]> {
  return (await pool().query<{ number: number; author: string | null; createdAt: Date }>(versionsSql, [actorId, id])).rows
}

/** Some versions of a person's own agent, sealed. */
export const findSealedVersions = (actorId: ActorId, agentId: string, numbers: number[]) =>
  db().agentVersion.findMany({
    where: { agentId, number: { in: numbers }, agent: { ownerId: actorId } },
    select: { id: true, number: true, sealed: true },
  })

/** One version of an agent that was found usable before, sealed. */
export const findVersion = (agentId: string, number: number) =>
  db().agentVersion.findUnique({ where: { agentId_number: { agentId, number } }, select: { id: true, number: true, sealed: true } })

/** All that a person's own agents are called and hold, for the export of their data. */
export const findOwn = (actorId: ActorId) =>
  db().agent.findMany({
    where: { ownerId: actorId },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      name: true,
      description: true,
      tags: true,
      status: true,
      sharing: true,
      version: true,
      createdAt: true,
      sealed: true,
    },
  })

/** How a run of an agent ended. */
export interface RunRecord {
  agentId: string
  outcome: 'succeeded' | 'failed' | 'stopped'
  failure: string | null
  tokens: number
  costMicros: number
  at: Date
}

const recordSql = `UPDATE "Agent" SET runs = runs + 1, succeeded = succeeded + CASE WHEN $2 = 'succeeded' THEN 1 ELSE 0 END,
    tokens = tokens + $4::bigint, "costMicros" = "costMicros" + $5::bigint, "lastRunAt" = greatest("lastRunAt", $6::timestamp),
    failures = CASE $2 WHEN 'succeeded' THEN 0 WHEN 'failed' THEN failures + 1 ELSE failures END,
    status = CASE WHEN $2 = 'failed' AND failures + 1 >= $7::int AND status = 'ACTIVE' THEN 'ERROR'::"AgentStatus"
      WHEN $2 = 'succeeded' AND status = 'ERROR' THEN 'ACTIVE'::"AgentStatus" ELSE status END,
    "statusReason" = CASE WHEN $2 = 'succeeded' THEN NULL
      WHEN $2 = 'failed' AND (status = 'ERROR' OR (status = 'ACTIVE' AND failures + 1 >= $7::int)) THEN $3 ELSE "statusReason" END
  WHERE id = $1 RETURNING "ownerId"`

/** Counts a run that ended, in one statement; gives whose agent it is, null where it is gone. */
export async function countRun(
  tx: Tx,
  { agentId, outcome, failure, tokens, costMicros, at }: RunRecord,
  limit: number,
): Promise<string | null> {
  const values = [agentId, outcome, failure, Math.round(tokens), Math.round(costMicros), at.toISOString(), limit]
  return (await tx.$queryRawUnsafe<{ ownerId: string }[]>(recordSql, ...values))[0]?.ownerId ?? null
}
