import type { ChildProcess } from 'node:child_process'
import type { AppProcess } from '../supervision/types.ts'

const killAfterMs = 500

/**
 * The head of an app's tree, started with three pipes. Its standard input is the forwarder's: closing it ends the app at once, and the kernel
 * closes it when the supervisor dies, however it dies. Killing the head follows for the case that nobody listens any more.
 */
export function headOf(child: ChildProcess): AppProcess {
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('error', (error) => {
      child.stderr?.emit('data', Buffer.from(`${error.message}\n`))
      resolve({ code: 127, signal: null })
    })
    // `close` follows `exit` once the output has been read to its end; a stray heir of the pipes must not hold that up.
    child.on('close', (code, signal) => resolve({ code, signal }))
    child.on('exit', (code, signal) => setTimeout(() => resolve({ code, signal }), killAfterMs).unref())
  })
  child.stdin?.on('error', () => undefined)
  return {
    stdout: child.stdout as NodeJS.ReadableStream,
    stderr: child.stderr as NodeJS.ReadableStream,
    exited,
    ask: (what) => child.stdin?.write(`${what}\n`),
    kill: () => {
      child.stdin?.destroy()
      setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    },
  }
}
