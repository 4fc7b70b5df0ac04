// A second node: seals and opens over a database and a key file of somebody else until its input ends, then says what it did.

import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { parseEnv } from '@/server/core/env.ts'
import { projectFromEvent } from '@/server/core/gates.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { register } from '@/server/core/registry.ts'
import { openMasterKeys } from '@/server/vault/service.ts'
import { startVaultLoad } from './vault-load.ts'

const order = JSON.parse(process.argv[2] ?? '') as { url: string; dataDir: string; projectId: string; writers: number; readers: number }
const { pool, db } = openDatabase(order.url, 6)
const hub = await openPostgresHub(order.url)
const masterKeys = await openMasterKeys(parseEnv({ MAESTRO_DATA_DIR: order.dataDir }))
register({ pool, db, hub, clock: systemClock, masterKeys })
const load = startVaultLoad(pool, projectFromEvent(order), 'node', order.writers, order.readers)
process.stdout.write('ready\n')
process.stdin.resume()
await new Promise((resolve) => process.stdin.once('end', resolve))
await load.stop()
process.stdout.write(`${JSON.stringify({ written: load.written, opened: load.opened, failures: load.failures })}\n`)
await hub.close()
await db.$disconnect()
await pool.end()
