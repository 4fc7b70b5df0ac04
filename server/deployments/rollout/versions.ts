import { rm } from 'node:fs/promises'
import type { Clock } from '@/server/core/clock.ts'
import { passesGate } from '../launchers/health.ts'
import { servicePlaces, supervisorPlaces } from '../launchers/places.ts'
import { endSupervisor, startAttached, startDetached, statusOf } from '../launchers/supervised.ts'
import type { AppToKeep } from '../launchers/types.ts'
import type { HealthGate } from '../rules.ts'
import { copyWhole } from './files.ts'
import type { Refusal, Version } from './types.ts'

const spoolFileBytes = 1024 * 1024
const spoolFileCount = 16

/** The name of the supervisor that keeps a service. */
export const serviceKey = (slug: string) => `service:${slug}`

/** The name of the supervisor under which a version proves itself. */
export const candidateKey = (slug: string, number: number | string) => `candidate:${slug}:${number}`

/** Where a service's sockets lie, and how it is asked for its health. */
export function watched(dataDir: string, slug: string, healthPath: string) {
  const { controlSocket, appSocket } = supervisorPlaces(dataDir, serviceKey(slug))
  return { controlSocket, appSocket, healthPath }
}

function appOf(dataDir: string, version: Version): Omit<AppToKeep, 'key' | 'dataDir' | 'spool' | 'restart'> {
  const { run, number, slug, launcher } = version
  const sourceDir = servicePlaces(dataDir, slug).release(number)
  return { release: number, launcher, command: run.start, env: run.env, sourceDir, memoryMb: run.memoryMb }
}

/**
 * Starts a version on a copy of the service's data and sees whether it stays healthy. It ends with this process, and its copy of the
 * data is thrown away. Returns null when it did, else why not.
 */
export async function tryCandidate(dataDir: string, version: Version, gate: HealthGate, clock: Clock): Promise<Refusal | null> {
  const key = candidateKey(version.slug, version.number)
  const { controlSocket, appSocket } = supervisorPlaces(dataDir, key)
  const places = servicePlaces(dataDir, version.slug)
  const copy = places.candidateData(version.number)
  await endSupervisor(controlSocket)
  await copyWhole(places.data, copy)
  try {
    const app = { ...appOf(dataDir, version), key, dataDir: copy, spool: null, restart: 'never' as const }
    await startAttached(dataDir, app, () => undefined)
    return await passesGate({ controlSocket, appSocket, healthPath: version.run.healthPath }, gate, clock)
  } finally {
    await endSupervisor(controlSocket)
    await rm(copy, { recursive: true, force: true })
  }
}

/** Starts a version as the service itself, on its real data; it outlives this process. */
export async function startVersion(dataDir: string, version: Version): Promise<void> {
  const { data, spool } = servicePlaces(dataDir, version.slug)
  const limits = { dir: spool, fileBytes: spoolFileBytes, files: spoolFileCount }
  await startDetached(dataDir, {
    ...appOf(dataDir, version),
    key: serviceKey(version.slug),
    dataDir: data,
    spool: limits,
    restart: 'always',
  })
}

/** Starts a version as the service and waits until it answers. Returns null when it does, else why not. */
export async function bringUp(dataDir: string, version: Version, gate: HealthGate, clock: Clock): Promise<Refusal | null> {
  try {
    await startVersion(dataDir, version)
  } catch (error) {
    return { what: `The version could not be started: ${(error as Error).message}.`, tail: [] }
  }
  return passesGate(watched(dataDir, version.slug, version.run.healthPath), gate, clock)
}

/** Ends what runs as the service; open connections may finish first. */
export const endService = (dataDir: string, slug: string) =>
  endSupervisor(supervisorPlaces(dataDir, serviceKey(slug)).controlSocket, 'drain')

/** The number of the version that runs as the service, or null where no supervisor answers. */
export async function runningRelease(dataDir: string, slug: string): Promise<number | null> {
  return (await statusOf(supervisorPlaces(dataDir, serviceKey(slug)).controlSocket))?.release ?? null
}
