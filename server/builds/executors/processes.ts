import { readFileSync } from 'node:fs'
import { readdir, readFile, statfs } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** The variable by which a command's processes are found again, also by a later life of the server. */
export const markerName = 'MAESTRO_STEP'

const pageBytes = 4096

/** One at a time and at once: hundreds of files opened together may be more than a process is allowed, and a miss leaves somebody alive. */
function marked(pid: string, needle: Buffer): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`)
    const at = environment.indexOf(needle)
    return at === 0 || (at > 0 && environment[at - 1] === 0)
  } catch (error) {
    // It ended meanwhile, or is somebody else's and therefore none of ours.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/** The processes that carry a key in the environment they were started with. */
export async function findMarked(key: string): Promise<number[]> {
  const needle = Buffer.from(`${markerName}=${key}\0`)
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.filter((pid) => marked(pid, needle)).map(Number)
}

/**
 * Ends every process that carries a key. Each is looked up and ended in one go, by what it carries and not by a number that
 * was written down, so a number that the kernel gave to somebody else since is never hit. True where there were any.
 */
export async function killMarked(key: string, timeoutMs = 5_000): Promise<boolean> {
  let any = false
  let quiet = 0
  for (const end = Date.now() + timeoutMs; Date.now() < end && quiet < 2; await delay(10)) {
    const pids = await findMarked(key)
    // One that was just being started shows itself at the second look.
    quiet = pids.length === 0 ? quiet + 1 : 0
    any ||= pids.length > 0
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself.
      }
    }
  }
  return any
}

/** A process and all below it. */
async function tree(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => tree(Number(child))),
  )
  return [pid, ...below.flat()]
}

/** What a process and all below it take: memory of their own in bytes, and their number. */
export async function usage(pid: number): Promise<{ memoryBytes: number; processes: number }> {
  const pids = await tree(pid)
  const pages = await Promise.all(
    pids.map(async (each) => {
      const [, resident = '0', shared = '0'] = (await readFile(`/proc/${each}/statm`, 'utf8').catch(() => '')).split(' ')
      return Number(resident) - Number(shared)
    }),
  )
  return { memoryBytes: pages.reduce((sum, count) => sum + count, 0) * pageBytes, processes: pids.length }
}

/** Bytes that are free for us on the disk of a folder. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}
