/** What the command line needs to work on a data directory whose server does not run. */
import { join } from 'node:path'
import { operatorActor } from './accounts/service.ts'
import { systemClock } from './core/clock.ts'
import { openDatabase } from './core/db.ts'
import { env } from './core/env.ts'
import { makeInngest } from './core/inngest.ts'
import type { MasterKeys } from './core/master-keys.ts'
import { migrate } from './core/migrations.ts'
import { projectRoot } from './core/paths.ts'
import { register } from './core/registry.ts'
import { fileObjectStore } from './embedded/objects/files.ts'
import { runningUrl, startPostgres } from './embedded/postgres/postgres.ts'
import type { OperatorCall, OperatorInput, OperatorOutput } from './rotation/operator/types.ts'
import { operatorAct, operatorCall } from './rotation/service.ts'
import { openMasterKeys } from './vault/service.ts'

/** Nobody else is there to be told. */
const silentHub = { publish: () => undefined, subscribe: () => () => undefined, close: async () => undefined }

/** A call about keys, wherever it is answered. */
export type Say = <C extends OperatorCall>(path: C, input: OperatorInput<C>) => Promise<OperatorOutput<C>>

export interface Offline {
  say: Say
  act(): Promise<ReturnType<typeof operatorAct>>
  close(): Promise<void>
}

async function databaseOf(dataDir: string): Promise<{ url: string; close(): Promise<void> }> {
  const url = env().DATABASE_URL ?? (await runningUrl(dataDir))
  if (url) return { url, close: async () => undefined }
  const postgres = await startPostgres(dataDir)
  return { url: postgres.url, close: postgres.stop }
}

/**
 * Opens the database of a data directory, which is started for as long as it takes where it does not run.
 * @param masters the master keys to work with, in the place of those that the environment names
 */
export async function openOffline(dataDir: string, masters?: MasterKeys): Promise<Offline> {
  const from = { ...env(), MAESTRO_DATA_DIR: dataDir }
  const database = await databaseOf(dataDir)
  try {
    await migrate(database.url, projectRoot())
    const { pool, db } = openDatabase(database.url, 4)
    register({ pool, db, clock: systemClock, hub: silentHub, inngest: makeInngest(from) })
    register({ objects: fileObjectStore(join(dataDir, 'objects')), masterKeys: masters ?? (await openMasterKeys(from)) })
    const act = async () => operatorAct(await operatorActor())
    const close = async () => {
      await db.$disconnect()
      await pool.end()
      await database.close()
    }
    // Whoever only looks leaves no trace: there may be nobody yet on whose behalf.
    const nobody = { actorId: null, email: 'operator', address: null, userAgent: null, requestId: 'command line' }
    const say: Say = async (path, input) => {
      const acts = path === 'keys.backup'
      return (await operatorCall(path, acts ? await act() : nobody, input)) as never
    }
    return { say, act, close }
  } catch (error) {
    await database.close()
    throw error
  }
}
