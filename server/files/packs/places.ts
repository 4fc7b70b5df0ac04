import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from '@/server/core/env.ts'
import { workFolder } from '@/server/core/paths.ts'
import type { Place } from './types.ts'

const plainId = /^[0-9a-f-]{36}$/

const sessionsFolder = (): string => workFolder(env().MAESTRO_DATA_DIR, 'sessions')

/** Where a session's things lie, whether they are there or not. */
export function placeOf(sessionId: string): Place {
  if (!plainId.test(sessionId)) throw new Error('a session is named by its id')
  const root = join(sessionsFolder(), sessionId)
  return { root, files: join(root, 'files'), changes: join(root, 'changes') }
}

/** A folder beside, for what is not whole yet or goes: a sweep takes what a killed process left of them. */
export const besideOf = (sessionId: string, purpose: 'new' | 'old', name: string): string =>
  join(sessionsFolder(), `${sessionId}.${purpose}-${name}`)

export const isUnpacked = ({ files }: Place): boolean => existsSync(files)

/** Makes the two folders of a session below a root. The one that programs work in is theirs to pass, the other is nobody's business. */
export async function makeFolders(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o711 })
  await mkdir(join(root, 'changes'), { recursive: true, mode: 0o700 })
  await mkdir(join(root, 'files'), { recursive: true, mode: 0o755 })
}

/** The ids of the sessions whose folders lie here, and the names of what was left half done. */
export async function listPlaces(): Promise<{ sessions: string[]; halves: string[] }> {
  const names = await readdir(sessionsFolder())
  return { sessions: names.filter((name) => plainId.test(name)), halves: names.filter((name) => /^[0-9a-f-]{36}\.(new|old)-/.test(name)) }
}

/** The path of a folder that was left half done. */
export const pathOfHalf = (name: string): string => join(sessionsFolder(), name)
