// A process that seals anew, for tests that kill it: node rotation-node.mjs <order as JSON>
import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { parseEnv } from '@/server/core/env.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { register } from '@/server/core/registry.ts'
import { startExecutor } from '@/server/embedded/executor/executor.ts'
import { fileObjectStore } from '@/server/embedded/objects/files.ts'
import { makeRotationFunctions } from '@/server/rotation/jobs.ts'
import { openMasterKeys } from '@/server/vault/service.ts'

/** What it is handed: where the data is, and how far its clock is ahead, so that nobody waits for what takes half a minute. */
export interface RotationNodeOrder {
  url: string
  dataDir: string
  aheadMs: number
}

const order = JSON.parse(process.argv[2] ?? '') as RotationNodeOrder
const clock = { ...systemClock, now: () => systemClock.now() + order.aheadMs }
const { pool, db } = openDatabase(order.url, 6)
const from = parseEnv({ MAESTRO_DATA_DIR: order.dataDir })
const client = makeInngest(from)
const objects = fileObjectStore(`${order.dataDir}/objects`)
register({ pool, db, clock, objects, hub: await openPostgresHub(order.url), inngest: client, masterKeys: await openMasterKeys(from) })
const functions = makeRotationFunctions(client)
await startExecutor({ pool, inngest: client, functions, clock, log: logger, pollMs: 15, backoffMs: [1] })
process.send?.('ready')
process.on('disconnect', () => process.exit(0))
