import { spawn } from 'node:child_process'
// The small calls before every command are made at once: a hop to the thread pool costs more than they do.
import { chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { workFolder } from '@/server/core/paths.ts'
import { isAlive } from '@/server/core/process.ts'

/** User and group `nobody`, whom root hands commands to. */
export const nobody = 65_534
export const isRoot = (): boolean => userInfo().uid === 0

const plainName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/

function folderOf(dataDir: string, kind: string, name: string): string {
  if (!plainName.test(name)) throw new Error('a folder needs a name of letters, digits, hyphens and underscores')
  return join(workFolder(dataDir, kind), name)
}

/** The folder of one build; it exists afterwards. Where it had to be made it belongs to `owner`, if one is given. */
export async function prepareWorkspace(dataDir: string, workspaceId: string, owner?: number): Promise<string> {
  const path = folderOf(dataDir, 'workspaces', workspaceId)
  const made = mkdirSync(path, { recursive: true, mode: 0o755 })
  if (made === path && owner !== undefined) chownSync(path, owner, owner)
  return path
}

/** Removes a build's folder; what a command left unreadable is opened first, since its owner is the one who removes it. */
export async function removeWorkspace(dataDir: string, workspaceId: string): Promise<void> {
  const path = folderOf(dataDir, 'workspaces', workspaceId)
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
  await remove().catch(async () => {
    await ran('chmod', ['-R', 'u+rwX', path])
    await remove()
  })
}

/** Removes the folders of all of a project's builds, and what their package manager kept. */
export async function removeFoldersOf(dataDir: string, projectId: string, buildIds: readonly string[]): Promise<void> {
  for (const id of buildIds) await removeWorkspace(dataDir, id)
  await rm(folderOf(dataDir, 'package-cache', projectId), { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
}

/** The names of the folders that are there. */
export async function listWorkspaces(dataDir: string): Promise<string[]> {
  return (await readdir(workFolder(dataDir, 'workspaces'))).filter((name) => plainName.test(name))
}

/** The package cache of one project; it exists afterwards. */
export async function cacheFolder(dataDir: string, name: string): Promise<string> {
  const path = folderOf(dataDir, 'package-cache', name)
  await mkdir(path, { recursive: true, mode: 0o755 })
  return path
}

/** A folder for one run's HOME and scratch files, so that nothing is read from or left in anybody's real one. Its name says whose it is. */
export async function scratchFolder(dataDir: string): Promise<string> {
  const scratch = mkdtempSync(join(workFolder(dataDir, 'scratch'), `run-${process.pid}-`))
  if (isRoot()) chownSync(scratch, nobody, nobody)
  return scratch
}

/** Removes a scratch folder; most are empty. */
export async function removeScratch(scratch: string): Promise<void> {
  try {
    rmdirSync(scratch)
  } catch {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Removes scratch folders of processes that were killed before they could do so. */
export async function sweepScratch(dataDir: string): Promise<void> {
  const folder = workFolder(dataDir, 'scratch')
  for (const name of await readdir(folder)) {
    const owner = /^run-(\d+)-/.exec(name)?.[1]
    if (!owner || !isAlive(Number(owner))) await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function ran(program: string, args: string[]): Promise<void> {
  await new Promise((resolve) => spawn(program, args, { stdio: 'ignore' }).on('close', resolve).on('error', resolve))
}

async function allOwnedBy(path: string, uid: number): Promise<boolean> {
  const stat = await lstat(path)
  if (stat.uid !== uid) return false
  if (!stat.isDirectory()) return true
  for (const entry of await readdir(path)) if (!(await allOwnedBy(join(path, entry), uid))) return false
  return true
}

/** Gives a folder to `nobody`. The program chown does it, since it cannot be led outside by a link that is set meanwhile. */
export async function giveToNobody(path: string): Promise<void> {
  if (lstatSync(path).uid === nobody && readdirSync(path).length === 0) return
  if (await allOwnedBy(path, nobody)) return
  await ran('chown', ['-R', '-P', '--no-dereference', `${nobody}:${nobody}`, '--', path])
}
