// Gives somebody of a running server a long conversation: node --import tsx long-chat.ts <data directory> <e-mail> <messages>

import { randomUUID } from 'node:crypto'
import { messageContext } from '@/server/chats/thread/views.ts'
import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { parseEnv } from '@/server/core/env.ts'
import { spaceForActor } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register } from '@/server/core/registry.ts'
import { startPostgres } from '@/server/embedded/postgres/postgres.ts'
import { openMasterKeys, sealJson } from '@/server/vault/service.ts'
import { asActor } from './factories.ts'
import { partsAt } from './long-chat-parts.ts'

const [dataDir = '', email = '', count = ''] = process.argv.slice(2)
const batch = 500

// The server's own database is found running and left running.
const postgres = await startPostgres(dataDir)
const { pool, db } = openDatabase(postgres.url)
const hub = await openPostgresHub(postgres.url)
const masterKeys = await openMasterKeys(parseEnv({ MAESTRO_DATA_DIR: dataDir }))
register({ pool, db, hub, clock: systemClock, masterKeys })

const user = await db.user.findFirstOrThrow({ where: { email } })
const actorId = await asActor(user.id)
const spaceId = await spaceForActor(actorId)
const { id: sessionId } = await db.chatSession.create({ data: { ownerId: actorId, spaceId, requestId: randomUUID() } })
const begun = systemClock.now() - Number(count) * 60_000

async function rowAt(at: number, parentId: string | null) {
  const id = randomUUID()
  const answer = at % 2 === 1
  const sealed = await sealJson(spaceId, messageContext(id), partsAt(at))
  if (!sealed) throw new Error('a message was not sealed')
  const spent = answer ? { inputTokens: 900, outputTokens: 250, contextTokens: 40_000, costMicros: 6_450n, durationMs: 4_200 } : {}
  return {
    ...{ id, sessionId, parentId, role: answer ? 'assistant' : 'user', sealed: Uint8Array.from(sealed), ...spent },
    ...(answer && { agentName: 'Helper', model: 'claude-sonnet-5-5' }),
    createdAt: new Date(begun + at * 60_000),
  }
}

let parentId: string | null = null
for (let from = 0; from < Number(count); from += batch) {
  const rows: Awaited<ReturnType<typeof rowAt>>[] = []
  for (let at = from; at < Math.min(Number(count), from + batch); at++) {
    const row = await rowAt(at, parentId)
    parentId = row.id
    rows.push(row)
  }
  await db.chatMessage.createMany({ data: rows })
}
await db.chatSession.update({ where: { id: sessionId }, data: { leafId: parentId } })
await hub.close()
await db.$disconnect()
await pool.end()
postgres.release()
process.stdout.write(sessionId)
