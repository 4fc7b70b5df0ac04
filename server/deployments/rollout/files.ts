import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { copyTree } from '@/server/core/copy-tree.ts'
import { servicePlaces } from '../launchers/places.ts'
import { releasesToRemove } from '../rules.ts'

/** Copies a folder so that the copy appears whole or not at all, also where an app is writing into it. */
export async function copyWhole(from: string, to: string): Promise<void> {
  const draft = `${to}.new`
  await rm(draft, { recursive: true, force: true })
  // Passable for others, not readable: without a sandbox, root hands the app to a user without rights.
  await mkdir(dirname(to), { recursive: true, mode: 0o711 })
  if (existsSync(from)) await copyTree(from, draft)
  else await mkdir(draft, { mode: 0o700 })
  await rm(to, { recursive: true, force: true })
  await rename(draft, to)
}

/** Keeps a build's files as release `number`; one that is there already is left as it is. */
export async function keepRelease(dataDir: string, slug: string, number: number, sourceDir: string): Promise<void> {
  const to = servicePlaces(dataDir, slug).release(number)
  if (!existsSync(to)) await copyWhole(sourceDir, to)
}

/** Removes one release. */
export const dropRelease = (dataDir: string, slug: string, number: number) =>
  rm(servicePlaces(dataDir, slug).release(number), { recursive: true, force: true })

/** Removes releases that are neither among the last five nor current. */
export async function pruneReleases(dataDir: string, slug: string, current: number): Promise<void> {
  const { releases } = servicePlaces(dataDir, slug)
  const numbers = (await readdir(releases)).map(Number).filter(Number.isInteger)
  for (const number of releasesToRemove(numbers, current)) await rm(join(releases, String(number)), { recursive: true, force: true })
}

const backupName = (number: number) => `data-before-${number}`

/** Keeps the data as it is before version `number` sees it. */
export async function backUp(dataDir: string, slug: string, number: number): Promise<void> {
  const { root, data } = servicePlaces(dataDir, slug)
  const to = join(root, backupName(number))
  if (!existsSync(to)) await copyWhole(data, to)
}

/** The numbers of the versions before whose switch-over the data was kept; one that is left tells of a switch-over that was cut off. */
export async function backups(dataDir: string, slug: string): Promise<number[]> {
  const names = await readdir(servicePlaces(dataDir, slug).root).catch(() => [])
  return names.flatMap((name) => /^data-before-(\d+)$/.exec(name)?.[1] ?? []).map(Number)
}

/** Puts the data back as it was before version `number` saw it. */
export async function restore(dataDir: string, slug: string, number: number): Promise<void> {
  const { root, data } = servicePlaces(dataDir, slug)
  const from = join(root, backupName(number))
  if (!existsSync(from)) return
  await rm(data, { recursive: true, force: true })
  await rename(from, data)
}

export const dropBackup = (dataDir: string, slug: string, number: number) =>
  rm(join(servicePlaces(dataDir, slug).root, backupName(number)), { recursive: true, force: true })
