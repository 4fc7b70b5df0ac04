import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from '@/server/core/env.ts'
import { type ProjectId, systemProjects } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import * as data from '../data.ts'
import { oldSpecs } from '../launchers/places.ts'
import { currentVersion, setState, settleFailed, unreadableRun } from '../records/records.ts'
import { backups, dropBackup, restore } from '../rollout/files.ts'
import { endService, runningRelease, startVersion } from '../rollout/versions.ts'

const dataDir = () => env().MAESTRO_DATA_DIR

/**
 * At the server's start: every service that is recorded as running is found again by its control socket, or started again. A switch-over
 * that was cut off is undone first.
 */
export async function adoptServices(): Promise<void> {
  const adopt = async ({ projectId, service }: { projectId: ProjectId; service: string }) => {
    try {
      await data.withServiceLock(projectId, () => adoptService(projectId))
      for (const id of await data.cutOff(projectId)) await settleFailed(projectId, id, 'The build ended before this version was in use.')
    } catch (error) {
      logger.error({ err: error, service }, 'the service could not be started again')
    }
  }
  for (const project of await systemProjects()) await adopt(project)
  await removeOldSpecs()
}

async function removeOldSpecs(): Promise<void> {
  const { dir, isSpec } = oldSpecs(dataDir())
  const names = await readdir(dir).catch(() => [])
  for (const name of names.filter(isSpec)) await rm(join(dir, name), { force: true })
}

/** Finds one service again; call it behind the service's lock. */
export async function adoptService(projectId: ProjectId): Promise<void> {
  const service = await data.findService(projectId)
  if (!service || service.state === 'STOPPED' || service.state === 'NEVER_DEPLOYED') return
  const { slug } = service.project
  const current = await currentVersion(projectId, service)
  for (const number of await backups(dataDir(), slug)) {
    if (!(await data.isStarting(projectId, number))) await dropBackup(dataDir(), slug, number)
    else if (await endService(dataDir(), slug).then(() => true)) await restore(dataDir(), slug, number)
  }
  if (!current) return setState(projectId, { state: 'NEVER_DEPLOYED', reason: null })
  if ((await runningRelease(dataDir(), slug)) !== current.number) {
    if (!current.version) return setState(projectId, { state: 'DOWN', reason: unreadableRun })
    await startVersion(dataDir(), current.version)
  }
  if (service.state === 'STARTING') await setState(projectId, { state: 'UP', reason: null })
}
