import type { Stats } from 'node:fs'
import { lstat, readdir, stat as statOf } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../packs/types.ts'
import { isClosedFolder } from '../rules.ts'
import { fileLimits } from '../schema.ts'
import { readIn } from '../tree/content.ts'
import { inFolderOf, walkTree } from '../tree/walk.ts'
import { dropUnused, keepContent, readDifferences, readState, writeDifferences, writeState } from './store.ts'
import type { Difference, Known, State, TakeRoom } from './types.ts'

/** Contents that are kept for comparing, of one session in all; of what comes beyond it is only known that it changed. */
const keptBytes = 64 * 1024 * 1024

const stampOf = (stat: Stats): string => `${stat.size}-${stat.mtimeMs}-${stat.ctimeMs}-${stat.ino}`

async function keptSoFar(folder: string): Promise<{ names: Set<string>; bytes: number }> {
  const contents = join(folder, 'contents')
  const names = (await readdir(contents).catch(() => [])).filter((name) => !name.endsWith('.tmp'))
  let bytes = 0
  for (const name of names) bytes += (await statOf(join(contents, name)).catch(() => null))?.size ?? 0
  return { names: new Set(names), bytes }
}

/** What is kept, with room for so many bytes more where dropping what nothing names any more makes some. */
async function keptWithRoom(folder: string, bytes: number, most: number): Promise<Awaited<ReturnType<typeof keptSoFar>>> {
  const kept = await keptSoFar(folder)
  if (kept.bytes + bytes <= most) return kept
  await dropUnused(folder)
  return keptSoFar(folder)
}

/** The state that the files are in. What did not change since `before` is not read again; new contents are kept as long as there is room. */
async function stateNow({ files, changes }: Place, before: State, takeRoom: TakeRoom): Promise<State> {
  const state: State = {}
  const kept = await keptWithRoom(changes, keptBytes / 8, keptBytes)
  let count = 0
  await walkTree(files, async ({ path, name, kind, stat, folder }) => {
    if (kind === 'folder') return isClosedFolder(name) ? 'pass' : undefined
    if (kind !== 'file') return
    if (++count > fileLimits.files) return 'end'
    const stamp = stampOf(stat)
    const known = before[path]
    if (known?.stamp === stamp) {
      state[path] = known
      return
    }
    const content = await readIn(folder, name).catch(() => null)
    if (!content) return
    state[path] = { hash: content.hash, bytes: content.size, stamp }
    if (!content.bytes || kept.names.has(content.hash) || kept.bytes + content.size > keptBytes) return
    if (!(await takeRoom(content.size))) return
    await keepContent(changes, content.hash, content.bytes)
    kept.names.add(content.hash)
    kept.bytes += content.size
  })
  return state
}

/** What differs between two states, by path. */
function differencesOf(from: State, to: State): Difference[] {
  const paths = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()
  return paths.flatMap((path) => {
    const [before, after] = [from[path]?.hash ?? null, to[path]?.hash ?? null]
    return before === after ? [] : [{ path, from: before, to: after }]
  })
}

/** One change after another as one: where it began, and where it led. */
function joined(first: readonly Difference[], second: readonly Difference[]): Difference[] {
  const all = new Map(first.map((one) => [one.path, one]))
  for (const one of second) all.set(one.path, { ...one, from: all.get(one.path)?.from ?? (all.has(one.path) ? null : one.from) })
  return [...all.values()].filter(({ from, to }) => from !== to)
}

/** Writes down what an answer changed. Said again for the same answer, what came since is added. */
export async function takeSnapshot(place: Place, messageId: string, takeRoom: TakeRoom): Promise<void> {
  const last = await readState(place.changes, 'last')
  const now = await stateNow(place, last, takeRoom)
  const differences = differencesOf(last, now)
  if (differences.length > 0) {
    await writeDifferences(place.changes, messageId, joined(await readDifferences(place.changes, messageId), differences))
  }
  await writeState(place.changes, 'last', now)
}

/** The files as they are, compared with what the conversation began with. */
export async function differencesSinceBase(place: Place, takeRoom: TakeRoom): Promise<Difference[]> {
  const [base, last] = await Promise.all([readState(place.changes, 'base'), readState(place.changes, 'last')])
  const now = await stateNow(place, last, takeRoom)
  return differencesOf(base, now)
}

/** What is known of one file, with its content kept where there is room. */
async function knownAt(place: Place, path: string, takeRoom: TakeRoom, most: number): Promise<Known | null> {
  return inFolderOf(place.files, path, async (folder, name) => {
    const stat = await lstat(folder.at(name))
    const { hash, size, bytes } = await readIn(folder, name)
    const kept = bytes && (await keptWithRoom(place.changes, size, most))
    const known = kept?.names.has(hash)
    if (bytes && kept && !known && kept.bytes + size <= most && (await takeRoom(size))) await keepContent(place.changes, hash, bytes)
    return { hash, bytes: size, stamp: stampOf(stat) }
  }).catch(() => null)
}

/**
 * A person changed a file: no agent did. Where it was until then as the conversation, or the last answer, knows it, the change is
 * made part of that; where an agent had changed it before, it stays a change.
 */
export async function noteByPerson(place: Place, path: string, before: string | null, takeRoom: TakeRoom, most = keptBytes): Promise<void> {
  const now = await knownAt(place, path, takeRoom, most)
  for (const which of ['base', 'last'] as const) {
    const state = await readState(place.changes, which)
    if ((state[path]?.hash ?? null) !== before) continue
    if (now) state[path] = now
    else delete state[path]
    await writeState(place.changes, which, state)
  }
}
