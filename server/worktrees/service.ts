import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from '@/server/core/env.ts'
import { registry } from '@/server/core/registry.ts'
import { type CommitFile, type MergeResult, type TreeFile, treeLimits } from './schema.ts'
import { writeTreeFile } from './tools/files.ts'
import { git, tryGit } from './tools/git.ts'
import type { Place } from './tools/types.ts'

export { deleteTreeFile, listTreeFiles, listVisibleFiles, type Reach, readTreeFile, ToolRefusal, writeTreeFile } from './tools/files.ts'

const now = () => registry('clock').now()

function placeOf(buildId: string): Place {
  const root = join(env().MAESTRO_DATA_DIR, 'work', buildId)
  return { gitDir: join(root, 'repository.git'), treesDir: join(root, 'trees') }
}

const indexOf = (place: Place, name: string) => join(place.gitDir, `index-${name}`)

/** A commit made of whatever lies in a tree. The index is built anew, so a half-written one of a killed run does no harm. */
async function commitDirectory(place: Place, tree: string, name: string, parent: string | null, message: string): Promise<string> {
  const index = indexOf(place, name)
  await rm(index, { force: true })
  await rm(`${index}.lock`, { force: true })
  await git(place, ['add', '--all', '--force', '.'], { tree, index })
  const id = await git(place, ['write-tree'], { tree, index })
  return git(place, ['commit-tree', id, ...(parent ? ['-p', parent] : []), '-m', message], { at: now() })
}

/** Makes a build's repository, or takes the one that is there, with the scaffold as its first commit; gives that commit's id. */
export async function seedRepository(buildId: string, files: readonly TreeFile[]): Promise<string> {
  const place = placeOf(buildId)
  // The roles' code is no other user's business.
  await mkdir(place.gitDir, { recursive: true, mode: 0o700 })
  await mkdir(place.treesDir, { recursive: true, mode: 0o700 })
  await git(place, ['init', '--quiet', '--bare'])
  const seed = join(place.treesDir, 'scaffold')
  await rm(seed, { recursive: true, force: true })
  await mkdir(seed, { recursive: true })
  for (const file of files) await writeTreeFile(seed, file)
  const commit = await commitDirectory(place, seed, 'scaffold', null, 'Scaffold')
  await git(place, ['update-ref', 'refs/heads/scaffold', commit])
  return commit
}

/** Lays a commit out in a fresh folder of its own, whatever lay there before, and gives the folder. */
export async function checkOut(buildId: string, name: string, commit: string): Promise<string> {
  const directory = join(placeOf(buildId).treesDir, name)
  await exportCommit(buildId, commit, directory)
  return directory
}

/** Writes a commit's files into a folder, which is emptied first. */
export async function exportCommit(buildId: string, commit: string, directory: string): Promise<void> {
  const place = placeOf(buildId)
  const index = indexOf(place, `export-${Buffer.from(directory).toString('hex').slice(-40)}`)
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  await rm(index, { force: true })
  await git(place, ['read-tree', commit], { tree: directory, index })
  await git(place, ['checkout-index', '--all', '--force'], { tree: directory, index })
  await rm(index, { force: true })
}

/** Commits what lies in a role's tree on top of `parent`; the branch of that name then points there. */
export async function commitTree(buildId: string, name: string, parent: string, message: string): Promise<string> {
  const place = placeOf(buildId)
  const commit = await commitDirectory(place, join(place.treesDir, name), name, parent, message)
  await git(place, ['update-ref', `refs/heads/${name}`, commit])
  return commit
}

/** Merges two commits without any working tree; paths that both sides changed in different ways come back as conflicts. */
export async function mergeCommits(buildId: string, ours: string, theirs: string, message: string): Promise<MergeResult> {
  const place = placeOf(buildId)
  const outcome = await tryGit(place, ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs])
  const [tree = '', ...rest] = outcome.stdout.toString().split('\0')
  if (outcome.status === 1) return { commit: null, conflicts: rest.filter(Boolean) }
  if (outcome.status !== 0) throw new Error(`git merge-tree failed: ${outcome.stderr.slice(0, 500)}`)
  const commit = await git(place, ['commit-tree', tree.trim(), '-p', ours, '-p', theirs, '-m', message], { at: now() })
  return { commit, conflicts: [] }
}

/** The difference between two commits as a unified diff, cut at 512 KB. */
export async function diffCommits(buildId: string, from: string, to: string): Promise<string> {
  const diff = await git(placeOf(buildId), ['diff', '--no-color', '--no-ext-diff', '--no-textconv', from, to])
  return diff.length <= treeLimits.diffBytes
    ? `${diff}\n`
    : `${diff.slice(0, treeLimits.diffBytes)}\n[cut at ${treeLimits.diffBytes / 1024} KB]\n`
}

/** A commit's files as a gzipped tar. */
export async function archiveCommit(buildId: string, commit: string): Promise<Buffer> {
  const outcome = await tryGit(placeOf(buildId), ['archive', '--format=tar.gz', commit])
  if (outcome.status !== 0) throw new Error(`git archive failed: ${outcome.stderr.slice(0, 500)}`)
  return outcome.stdout
}

/** All files of a commit, by path, whatever they are called: nothing that is released may go unseen. */
export async function listCommitFiles(buildId: string, commit: string): Promise<CommitFile[]> {
  const listing = await git(placeOf(buildId), ['ls-tree', '-r', '-l', '-z', '--full-tree', commit])
  const files = listing.split('\0').flatMap((line) => {
    const [, mode = '', id = '', size = '', path = ''] = /^(\d+) \w+ (\S+) +(\S+)\t(.*)$/s.exec(line) ?? []
    return path ? [{ path, bytes: Number(size) || 0, id, plain: mode.startsWith('100') }] : []
  })
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * The bytes of a commit's files, in the order asked for, as they were committed: no filter and no link has a say.
 * @throws Error where one of them is not in the repository: a fault of ours
 */
export async function readCommitFiles(buildId: string, files: readonly CommitFile[]): Promise<Buffer[]> {
  if (files.length === 0) return []
  const outcome = await tryGit(placeOf(buildId), ['cat-file', '--batch'], { input: `${files.map(({ id }) => id).join('\n')}\n` })
  if (outcome.status !== 0) throw new Error(`git cat-file failed: ${outcome.stderr.slice(0, 500)}`)
  let at = 0
  return files.map(({ id }) => {
    const line = outcome.stdout.subarray(at, outcome.stdout.indexOf(10, at)).toString()
    const size = Number(/^\S+ blob (\d+)$/.exec(line)?.[1] ?? Number.NaN)
    if (!line.startsWith(id) || Number.isNaN(size)) throw new Error('git cat-file gave another object')
    const start = at + line.length + 1
    at = start + size + 1
    return outcome.stdout.subarray(start, start + size)
  })
}

/** Removes all of a build's code from disk; what was handed over stays in its artifacts. */
export async function removeRepository(buildId: string): Promise<void> {
  await rm(join(env().MAESTRO_DATA_DIR, 'work', buildId), { recursive: true, force: true })
}
