import type { Clock } from '@/server/core/clock.ts'
import { AppError } from '@/server/core/errors.ts'
import { makeGatherer } from './gatherer.ts'
import type { makePacker } from './packer.ts'
import type { makeStorer } from './storer.ts'
import type { Batch } from './types.ts'

/** Lines are gathered this long before they are stored; a watcher sees them some milliseconds later. */
const gatherMs = 10
/** `ready` waits while more than this is held, so a pipe that asks for it holds no more. */
const highWaterBytes = 6 * 1024 * 1024
/** A caller that never asks `ready` ends here, before the server does. */
const overflowBytes = 256 * 1024 * 1024
const groupItems = 12
const groupBytes = 1_536 * 1024

interface Waiter {
  until: () => boolean
  resolve: () => void
  reject: (error: unknown) => void
}

export interface WriterCore {
  write(tag: string, bytes: Buffer): void
  ready(): Promise<void>
  flush(tags?: Iterable<string>): Promise<void>
}

/**
 * One stream's way from bytes to stored segments. A failure (stream closed, database gone for long) is kept: `write` ignores what
 * comes after it, `ready` and `flush` reject with it, and `failed` is called once.
 */
export function makeWriterCore(parts: {
  packer: ReturnType<typeof makePacker>
  storer: ReturnType<typeof makeStorer>
  clock: Clock
  stored: (nextSeq: number) => void
  failed: (error: unknown) => void
}): WriterCore {
  const { packer, storer, clock } = parts
  let heldBytes = 0
  let accepted = 0
  let settled = 0
  let storing = false
  let due = false
  let timer: NodeJS.Timeout | undefined
  let failure: { error: unknown } | null = null
  let waiters: Waiter[] = []

  const gatherer = makeGatherer((batch) => accept(batch))

  function accept(batch: Batch): void {
    heldBytes += batch.bytes
    accepted++
    packer.push(batch)
    if (heldBytes > overflowBytes) fail(new AppError('TOO_LARGE', 'Output came faster than it could be stored.'))
    else void run()
  }

  /** Hands over what was gathered, whole batches or not. */
  function takeOpen(): void {
    clearTimeout(timer)
    timer = undefined
    due = false
    for (const batch of gatherer.take()) accept(batch)
  }

  function onTimer(): void {
    timer = undefined
    // While something is being stored, more is gathered: a slow database gets fewer and larger segments.
    if (storing) due = true
    else takeOpen()
  }

  function wake(): void {
    const open = waiters
    waiters = []
    for (const waiter of open) {
      if (failure) waiter.reject(failure.error)
      else if (waiter.until()) waiter.resolve()
      else waiters.push(waiter)
    }
  }

  function fail(error: unknown): void {
    if (failure) return
    failure = { error }
    clearTimeout(timer)
    packer.clear()
    gatherer.take()
    parts.failed(error)
    wake()
  }

  async function run(): Promise<void> {
    if (storing) return
    storing = true
    try {
      while (packer.length > 0 && !failure) {
        const group = await packer.take(groupItems, groupBytes)
        if (group.length > 0) parts.stored(await storer.store(group))
        for (const packed of group) heldBytes -= packed.bytes
        settled += group.length
        if (due) takeOpen()
        wake()
      }
    } catch (error) {
      fail(error)
    } finally {
      storing = false
    }
  }

  function wait(until: () => boolean): Promise<void> {
    if (failure) return Promise.reject(failure.error)
    if (until()) return Promise.resolve()
    return new Promise((resolve, reject) => waiters.push({ until, resolve, reject }))
  }

  return {
    write(tag, bytes) {
      if (failure || bytes.length === 0) return
      gatherer.write(tag, bytes, clock.now())
      timer ??= due ? undefined : setTimeout(onTimer, gatherMs)
    },
    ready: () => wait(() => heldBytes < highWaterBytes),
    flush(tags) {
      const now = clock.now()
      if (!failure) {
        if (tags === undefined) gatherer.endPartials(now)
        else for (const tag of tags) gatherer.endPartials(now, tag)
        takeOpen()
      }
      const mark = accepted
      return wait(() => settled >= mark)
    },
  }
}
