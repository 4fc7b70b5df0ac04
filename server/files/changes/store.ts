import { randomUUID } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Difference, State } from './types.ts'

const stateSchema = z.record(z.string(), z.object({ hash: z.string(), bytes: z.number(), stamp: z.string() }))
const differencesSchema = z.array(z.object({ path: z.string(), from: z.string().nullable(), to: z.string().nullable() }))
const plainName = /^[A-Za-z0-9-]{1,100}$/

async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, content, { mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** What the conversation began with, or what was there after the last answer. A session that has none yet began with nothing. */
export const readState = async (folder: string, which: 'base' | 'last'): Promise<State> =>
  (await readJson(join(folder, `${which}.json`), stateSchema)) ?? {}

export const writeState = (folder: string, which: 'base' | 'last', state: State): Promise<void> =>
  writeWhole(join(folder, `${which}.json`), JSON.stringify(state))

/** What one answer changed. */
export async function readDifferences(folder: string, messageId: string): Promise<Difference[]> {
  if (!plainName.test(messageId)) return []
  return (await readJson(join(folder, `message-${messageId}.json`), differencesSchema)) ?? []
}

export const writeDifferences = (folder: string, messageId: string, differences: readonly Difference[]): Promise<void> =>
  writeWhole(join(folder, `message-${messageId}.json`), JSON.stringify(differences))

const contentsOf = (folder: string) => join(folder, 'contents')

/** Keeps a content under its hash; the same content again costs nothing. Null where it is not kept: `room` says how much may still be. */
export async function keepContent(folder: string, hash: string, bytes: Buffer): Promise<void> {
  await mkdir(contentsOf(folder), { recursive: true, mode: 0o700 })
  await writeWhole(join(contentsOf(folder), hash), bytes)
}

/** A content that was kept, or null. */
export const contentOf = (folder: string, hash: string): Promise<Buffer | null> =>
  plainName.test(hash) ? readFile(join(contentsOf(folder), hash)).catch(() => null) : Promise.resolve(null)

/** Bytes that are taken by what is remembered of a session. */
export async function keptBytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const from of [folder, contentsOf(folder)])
    for (const name of await readdir(from).catch(() => [])) {
      const found = await lstat(join(from, name)).catch(() => null)
      if (found?.isFile()) bytes += found.size
    }
  return bytes
}

/** Gives room back: contents that nothing names, or all of them; of what goes it is only known that it changed. */
export async function forgetContents(folder: string, which: 'unused' | 'all'): Promise<void> {
  if (which === 'unused') await dropUnused(folder)
  else await rm(contentsOf(folder), { recursive: true, force: true })
}

/** Removes contents that no state and no answer's changes name any more. */
export async function dropUnused(folder: string): Promise<void> {
  const states = await Promise.all([readState(folder, 'base'), readState(folder, 'last')])
  const used = new Set(states.flatMap((state) => Object.values(state).map(({ hash }) => hash)))
  for (const name of await readdir(folder).catch(() => [])) {
    const [, messageId] = /^message-(.+)\.json$/.exec(name) ?? []
    if (!messageId) continue
    for (const { from, to } of await readDifferences(folder, messageId)) for (const hash of [from, to]) if (hash) used.add(hash)
  }
  for (const name of await readdir(contentsOf(folder)).catch(() => []))
    if (!used.has(name)) await rm(join(contentsOf(folder), name), { force: true })
}
