// A process that runs plain builds, for tests that kill it: node build-server.mjs <database url> <master key, hex>

import { makeBuildFunctions } from '@/server/builds/jobs.ts'
import { systemClock } from '@/server/core/clock.ts'
import { openDatabase } from '@/server/core/db.ts'
import { parseEnv } from '@/server/core/env.ts'
import { openPostgresHub } from '@/server/core/hub-postgres.ts'
import { makeInngest } from '@/server/core/inngest.ts'
import { logger } from '@/server/core/logger.ts'
import { register } from '@/server/core/registry.ts'
import { startExecutor } from '@/server/embedded/executor/executor.ts'
import { noAi } from './ai.ts'
import { testKeys } from './keys.ts'

const [url = '', key = ''] = process.argv.slice(2)
const { pool, db } = openDatabase(url)
const client = makeInngest(parseEnv({}))
register({ pool, db, clock: systemClock, hub: await openPostgresHub(url), ...testKeys(Buffer.from(key, 'hex')), inngest: client })
register({ ai: noAi })
const functions = makeBuildFunctions(client)
await startExecutor({ pool, inngest: client, functions, clock: systemClock, log: logger, pollMs: 15, backoffMs: [1] })
process.send?.('ready')
process.on('disconnect', () => process.exit(0))
