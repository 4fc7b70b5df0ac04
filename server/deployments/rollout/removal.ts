import { spawn } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { env } from '@/server/core/env.ts'
import type { ProjectId } from '@/server/core/gates.ts'
import { slugOf, withServiceLock } from '../data.ts'
import { servicePlaces, supervisorPlaces } from '../launchers/places.ts'
import { endSupervisor } from '../launchers/supervised.ts'
import { candidateKey, serviceKey } from './versions.ts'

const forGood = { recursive: true, force: true, maxRetries: 3, retryDelay: 50 } as const

/** Removes a folder; what an app left unreadable in it is opened first. */
async function removeTree(path: string): Promise<void> {
  await rm(path, forGood).catch(async () => {
    await new Promise((resolve) => spawn('chmod', ['-R', 'u+rwX', path], { stdio: 'ignore' }).on('close', resolve).on('error', resolve))
    await rm(path, forGood)
  })
}

async function removeSupervisor(dataDir: string, key: string): Promise<void> {
  const { controlSocket, socketDir, statePath, logPath } = supervisorPlaces(dataDir, key)
  await endSupervisor(controlSocket)
  for (const path of [controlSocket, socketDir, statePath, logPath]) await rm(path, forGood)
}

/**
 * Ends whatever runs as the service of a project that was given up, and removes its releases, data and spool; then `last` is done
 * while still nobody else may change this service. Safe to repeat; does nothing where the project is gone.
 */
export async function removeService(projectId: ProjectId, last: () => Promise<void>, dataDir = env().MAESTRO_DATA_DIR): Promise<void> {
  await withServiceLock(projectId, async () => {
    // Asked behind the lock: once the project is gone, its name may be somebody else's.
    const slug = await slugOf(projectId)
    if (slug === null) return
    const { root, releases } = servicePlaces(dataDir, slug)
    for (const number of await readdir(releases).catch(() => [])) await removeSupervisor(dataDir, candidateKey(slug, number))
    await removeSupervisor(dataDir, serviceKey(slug))
    await removeTree(root)
    await last()
  })
}
