import type { ActorId, ProjectId } from '@/server/core/gates.ts'

export interface MessageRow {
  id: string
  parentId: string | null
  role: string
  sealed: Buffer
  agentId: string | null
  agentName: string | null
  model: string | null
  demo: boolean
  state: string
  inputTokens: number
  outputTokens: number
  cacheTokens: number
  contextTokens: number
  costMicros: number
  durationMs: number
  createdAt: string
  runId: string | null
  runState: string | null
  failure: string | null
}
/** Messages of the conversation `$1` by the ids `$2`, each with its run. */
export const messagesSql = `SELECT m.id, m."parentId", m.role, m.sealed, m."agentId", m."agentName", m.model, m.demo, m.state, m."inputTokens", m."outputTokens",
    m."cacheTokens", m."contextTokens", m."costMicros"::float8 AS "costMicros", m."durationMs",
    to_char(m."createdAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt", r.id AS "runId", r.state::text AS "runState", r.failure
  FROM "ChatMessage" m LEFT JOIN "ChatRun" r ON r."messageId" = m.id WHERE m."sessionId" = $1 AND m.id = ANY($2::text[])`

/** What the person `$1` has used: tokens since `$2`, conversations at work besides `$3`, bytes of files and of what was handed in. */
export const usageSql = `SELECT
    (SELECT coalesce(sum("inputTokens" + "outputTokens" + "cacheWriteTokens"), 0)::float8 FROM "ModelCall"
      WHERE "actorId" = $1 AND "sessionId" IS NOT NULL AND "startedAt" >= $2::timestamp) AS tokens,
    (SELECT count(*)::int FROM "ChatSession" WHERE "ownerId" = $1 AND status = 'ACTIVE' AND id <> $3) AS sessions,
    (SELECT coalesce(sum("filesBytes"), 0)::float8 FROM "ChatSession" WHERE "ownerId" = $1) +
    (SELECT coalesce(sum(a.bytes), 0)::float8 FROM "ChatAttachment" a JOIN "ChatSession" c ON c.id = a."sessionId" WHERE c."ownerId" = $1) AS bytes`

export interface NewChat {
  id: string
  ownerId: ActorId
  spaceId: ProjectId
  requestId: string
  agentId: string | null
  lastActiveAt: Date
  createdAt: Date
}

export interface NewMessage {
  id: string
  sessionId: string
  parentId: string | null
  role: 'user' | 'assistant' | 'summary'
  sealed: Buffer
  agentId: string | null
  agentName: string | null
  model: string | null
  demo: boolean
  state: 'open' | 'done'
  createdAt: Date
}

export interface Spent {
  inputTokens: number
  outputTokens: number
  cacheTokens: number
  contextTokens: number
  costMicros: number
  durationMs: number
}

export interface Ended extends Spent {
  sealed: Buffer
  state: 'done' | 'stopped' | 'failed'
  model: string | null
  unread: boolean
  at: Date
}

export interface NewAttachment {
  id: string
  sessionId: string
  name: string
  mediaType: string
  bytes: number
  sha256: string
  objectKey: string
  keyId: string | null
  createdAt: Date
}

export interface Changes {
  leafId?: string | null
  titleSealed?: Uint8Array<ArrayBuffer> | null
  titled?: boolean
  unread?: boolean
  pinnedAt?: Date | null
  archivedAt?: Date | null
  closedAt?: Date | null
  status?: 'ACTIVE' | 'INACTIVE' | 'CLOSED'
  shareHash?: string | null
  sharedAt?: Date | null
  lastActiveAt?: Date
}

export interface ListWanted {
  archived: boolean
  /** After this one in the order of lists. */
  after: { at: Date; id: string } | null
  limit: number
}
