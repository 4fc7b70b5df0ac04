import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'

/** A control group that bounds how many processes and threads there are in it. */
export interface ProcessGroup {
  /** What stands before a command so that it runs in the group. */
  wrapper: string[]
  /** Removes the group once nothing runs in it. */
  close(): void
}

const root = '/sys/fs/cgroup'
let parent: string | null | undefined
let counter = 0

/** Groups of processes that were killed before they could remove them; the name carries the owner's pid. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = Number(name.split('-')[0])
    if (!Number.isInteger(owner) || existsSync(`/proc/${owner}`)) continue
    try {
      rmdirSync(join(folder, name))
    } catch {
      // Something still runs in it; a later start tries again.
    }
  }
}

/** The folder our groups lie in, of either version of control groups; null where there is none to be had. */
function findParent(): string | null {
  if (userInfo().uid !== 0) return null
  const second = existsSync(join(root, 'cgroup.controllers'))
  const folder = second ? join(root, 'maestro') : join(root, 'pids', 'maestro')
  try {
    if (!second && !existsSync(join(root, 'pids', 'cgroup.procs'))) return null
    mkdirSync(folder, { recursive: true })
    if (second && !readFileSync(join(folder, 'cgroup.subtree_control'), 'utf8').includes('pids')) {
      writeFileSync(join(root, 'cgroup.subtree_control'), '+pids')
      writeFileSync(join(folder, 'cgroup.subtree_control'), '+pids')
    }
    sweep(folder)
    return folder
  } catch {
    return null
  }
}

function remove(path: string, tries = 20): void {
  try {
    rmdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY' && tries > 0) setTimeout(() => remove(path, tries - 1), 25).unref()
  }
}

/** Opens a group for `max` processes and threads, or null where this machine or this user has none. */
export function openProcessGroup(max: number): ProcessGroup | null {
  if (parent === undefined) parent = findParent()
  if (!parent) return null
  const path = join(parent, `${process.pid}-${++counter}`)
  try {
    mkdirSync(path)
    writeFileSync(join(path, 'pids.max'), String(max))
  } catch {
    return null
  }
  // The command joins by itself before it becomes bubblewrap: whatever it starts is in the group from the beginning.
  const wrapper = ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', join(path, 'cgroup.procs')]
  return { wrapper, close: () => remove(path) }
}
