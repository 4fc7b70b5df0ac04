import { readFileSync } from 'node:fs'

/** Whether a process lives. A dead one that nobody has reaped yet, as in containers whose first process reaps none, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  try {
    // The state stands behind the name, which is in brackets and may hold anything.
    return !/^[ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, ''))
  } catch (error) {
    // Without /proc there is nothing more to learn.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux'
  }
}

/** Sends a signal; false where the process is gone or somebody else's. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
