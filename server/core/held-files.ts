import { readdir, readFile, stat } from 'node:fs/promises'

/** So many open files of one tree are looked at; who has more has them to hide something. */
const mostDescriptors = 40_000

const numbersIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name))

/** The threads of a process and of all below it, as paths: each may have started others, and may have open files of its own. */
async function threadsBelow(pid: number | string): Promise<string[]> {
  const threads = (await numbersIn(`/proc/${pid}/task`)).map((thread) => `/proc/${pid}/task/${thread}`)
  const children = await Promise.all(threads.map((thread) => readFile(`${thread}/children`, 'utf8').catch(() => '')))
  const below = await Promise.all(children.flatMap((text) => text.split(' ').filter(Boolean)).map(threadsBelow))
  return [...threads, ...below.flat()]
}

/** The paths under which a process's mapped files stand that have no name any more. */
async function mappedBy(thread: string): Promise<string[]> {
  const process = thread.replace(/\/task\/\d+$/, '')
  // All threads of a process map the same; the first has its number.
  if (!thread.endsWith(`/${process.slice('/proc/'.length)}`)) return []
  const lines = (await readFile(`${process}/maps`, 'utf8').catch(() => '')).split('\n')
  return lines.filter((line) => line.endsWith(' (deleted)')).map((line) => `${process}/map_files/${line.split(' ', 1)[0]}`)
}

/**
 * Bytes of files on one disk that processes hold open, or mapped, though they have no name any more: no look at a folder finds them. Looks at each of
 * these processes and all that they started.
 * @param device the disk's number, as `stat` gives it
 * @returns null where there are more open files than are looked at
 */
export async function heldBytes(pids: readonly number[], device: number): Promise<number | null> {
  const threads = (await Promise.all(pids.map(threadsBelow))).flat()
  const seen = new Map<number, number>()
  let looked = 0
  for (const thread of threads) {
    const descriptors = (await numbersIn(`${thread}/fd`)).map((name) => `${thread}/fd/${name}`)
    const paths = [...descriptors, ...(await mappedBy(thread))]
    looked += paths.length
    if (looked > mostDescriptors) return null
    for (const found of await Promise.all(paths.map((path) => stat(path).catch(() => null))))
      if (found?.isFile() && found.nlink === 0 && found.dev === device) seen.set(found.ino, found.size)
  }
  return [...seen.values()].reduce((sum, size) => sum + size, 0)
}
