import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { defaultLimits } from '@/server/core/sandbox.ts'
import { freeBytes, usage } from './processes.ts'
import { defaultOutputLimitBytes, type OnOutput, type Outcome, type RunResult, type RunSpec } from './types.ts'

const watchEveryMs = 100
const diskLimitBytes = 8 * 1024 ** 3
const diskReserveBytes = 256 * 1024 ** 2
// Children that outlive a command may hold its output open; what they say afterwards belongs to nothing.
const drainMs = 1_000

export interface Supervision {
  spec: RunSpec
  onOutput: OnOutput
  signal?: AbortSignal | undefined
  /** Ends the command with all it started. */
  kill(): void
}

type Ending = { outcome: Outcome; detail?: string } | null

/** Reads a channel, one chunk at a time, and holds it while the receiver is busy. */
function read(channel: Readable | null, take: (chunk: Buffer) => undefined | Promise<void>): void {
  channel
    ?.on('error', () => undefined)
    .on('data', (chunk: Buffer) => {
      const busy = take(chunk)
      if (!busy) return
      channel.pause()
      const resume = () => void channel.resume()
      busy.then(resume, resume)
    })
}

/** Looks at memory, processes and disk every now and then; the bounds of single processes are the kernel's. */
function watch(child: ChildProcess, spec: RunSpec, end: (ending: Ending) => void): () => void {
  const { memoryMb, processes } = { ...defaultLimits, ...spec.limits }
  let stopped = false
  let free: number | undefined
  const look = async () => {
    const [used, now] = await Promise.all([usage(child.pid ?? 0), freeBytes(spec.workspace)])
    free ??= now
    if (stopped) return
    if (used.memoryBytes > memoryMb * 1024 ** 2) end({ outcome: 'out-of-memory', detail: `It took more than ${memoryMb} MB of memory.` })
    else if (used.processes > processes + 8) end({ outcome: 'out-of-memory', detail: `It started more than ${processes} processes.` })
    else if (free - now > diskLimitBytes || now < diskReserveBytes) end({ outcome: 'disk-limit', detail: 'It filled the disk.' })
    else timer = setTimeout(tick, watchEveryMs)
  }
  const tick = () => void look().catch(() => undefined)
  let timer = setTimeout(tick, watchEveryMs)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

function resultOf(
  ending: Ending,
  code: number | null,
  signal: NodeJS.Signals | null,
  lostBySignal: boolean,
): Omit<RunResult, 'durationMs'> {
  if (ending) return { ...ending, exitCode: null }
  if (signal && lostBySignal) return { outcome: 'lost', exitCode: null, detail: `It was ended from outside (${signal}).` }
  return { outcome: 'exited', exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0) }
}

/**
 * Follows a started command to its end: hands on its output, ends it at its limits or on the signal, and says how it ended.
 * `lostBySignal`: the started program is a guard of ours that never dies of a signal unless somebody else sends it.
 */
export function supervise(child: ChildProcess, { spec, onOutput, signal, kill }: Supervision, lostBySignal: boolean): Promise<RunResult> {
  const startedAt = performance.now()
  const limit = spec.outputLimitBytes ?? defaultOutputLimitBytes
  let ending: Ending = null
  let bytes = 0
  const end = (why: Ending) => {
    if (ending) return
    ending = why
    kill()
  }
  const take = (chunk: Buffer) => {
    const room = limit - bytes
    bytes += chunk.length
    if (bytes > limit) end({ outcome: 'output-limit', detail: `It printed more than ${limit} bytes.` })
    if (room > 0) return onOutput(room < chunk.length ? chunk.subarray(0, room) : chunk)
  }
  read(child.stdout, take)
  read(child.stderr, take)
  const timer = setTimeout(() => end({ outcome: 'timeout', detail: `It ran longer than ${spec.timeoutMs / 1000} s.` }), spec.timeoutMs)
  const onAbort = () => end({ outcome: 'cancelled' })
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  const stopWatching = watch(child, spec, end)
  const ended = spec.onStart?.(child.pid)
  return new Promise((resolve) => {
    const done = (code: number | null, by: NodeJS.Signals | null, failure?: Error) => {
      clearTimeout(timer)
      clearTimeout(drain)
      stopWatching()
      ended?.()
      signal?.removeEventListener('abort', onAbort)
      const result: Omit<RunResult, 'durationMs'> = failure
        ? { outcome: 'lost', exitCode: null, detail: `It could not be started: ${failure.message}` }
        : resultOf(ending, code, by, lostBySignal)
      resolve({ ...result, durationMs: performance.now() - startedAt })
    }
    let drain: NodeJS.Timeout | undefined
    child.on('error', (error) => done(null, null, error)).on('close', (code, by) => done(code, by))
    child.on('exit', () => {
      stopWatching()
      kill()
      // All of them: an heir that holds any other open would keep the end from being told, too.
      drain = setTimeout(() => child.stdio.forEach((channel) => void channel?.destroy()), drainMs)
    })
  })
}
