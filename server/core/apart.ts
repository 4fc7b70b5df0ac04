import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { projectRoot } from './paths.ts'

/** Why work apart came to nothing: it took too long, or too much memory, or its program threw. */
export class ApartError extends Error {
  override readonly name = 'ApartError'
  constructor(
    readonly reason: 'slow' | 'memory' | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

interface ApartBounds {
  timeoutMs: number
  memoryMb: number
  signal?: AbortSignal
}

const frame = (program: string) => `
const { parentPort, workerData } = require('node:worker_threads')
const load = require('node:module').createRequire(workerData.root)
const work = async (data) => {${program}}
work(workerData.data).then((value) => parentPort.postMessage({ value }), (error) => parentPort.postMessage({ error: String(error?.message ?? error) }))`

/**
 * Does work on what strangers wrote in a thread of its own, which is ended when it takes too long or too much memory. `program` is the body
 * of an async function of `data`; it takes packages with `load('name')` and returns what is to be had. It sees no environment.
 * @throws ApartError where it came to nothing, or the signal's reason
 */
export function workApart(program: string, data: unknown, { timeoutMs, memoryMb, signal }: ApartBounds): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const workerData = { root: join(projectRoot(), 'package.json'), data }
    const bounds = { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 8 }
    const worker = new Worker(frame(program), { eval: true, env: {}, workerData, resourceLimits: bounds, stdout: true, stderr: true })
    const settle = (end: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      void worker.terminate()
      end()
    }
    const stop = () => settle(() => reject(signal?.reason))
    const timer = setTimeout(() => settle(() => reject(new ApartError('slow', 'it took too long'))), timeoutMs)
    signal?.addEventListener('abort', stop, { once: true })
    worker.once('message', (said: { value?: unknown; error?: string }) =>
      settle(() => (said.error === undefined ? resolve(said.value) : reject(new ApartError('failed', said.error)))),
    )
    worker.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'failed'
      settle(() => reject(new ApartError(reason, error.message, { cause: error })))
    })
    worker.once('exit', () => settle(() => reject(new ApartError('failed', 'it ended without a word'))))
  })
}
