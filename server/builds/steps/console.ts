import type { ProjectId } from '@/server/core/gates.ts'
import { logger } from '@/server/core/logger.ts'
import { openWriter, type Writer } from '@/server/streams/service.ts'

const idleMs = 2_000
const lineDelayMs = 10
const readyEveryBytes = 512 * 1024

interface Hold {
  writer: Writer
  users: number
  idle: NodeJS.Timeout | undefined
}

// A build's writer is kept between its steps, so that a step's end need not wait for its lines to be stored.
const holds = new Map<string, Hold>()

function letGo(streamId: string, hold: Hold): Promise<void> {
  clearTimeout(hold.idle)
  if (holds.get(streamId) === hold) holds.delete(streamId)
  return hold.writer.close().catch((err) => logger.error({ err, streamId }, 'the end of a console could not be stored'))
}

/** Stores what is held of a build's console, and waits for it. */
export async function settleConsole(streamId: string): Promise<void> {
  const hold = holds.get(streamId)
  if (hold) await letGo(streamId, hold)
}

/** One step's voice in the console of its build. */
export interface StepConsole {
  /** Whole lines of the platform's own. */
  line(text: string): void
  /** Bytes as a command prints them. A promise that is given must be awaited before more is handed over; it rejects where nothing can be stored. */
  bytes(chunk: Buffer): undefined | Promise<void>
  release(): void
}

/** Opens the console of a build for one stage, whose key is the tag of its lines. */
export function openConsole(projectId: ProjectId, streamId: string, stageKey: string): StepConsole {
  const hold = holds.get(streamId) ?? { writer: openWriter(projectId, streamId), users: 0, idle: undefined }
  holds.set(streamId, hold)
  hold.users++
  clearTimeout(hold.idle)
  let midLine = false
  let written = 0
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const pass = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting) hold.writer.write(stageKey, waiting)
    waiting = ''
  }
  return {
    line(text) {
      // The lines around a short command become one write.
      waiting += `${midLine ? '\n' : ''}${text}\n`
      timer ??= setTimeout(pass, lineDelayMs)
      midLine = false
    },
    bytes(chunk) {
      pass()
      hold.writer.write(stageKey, chunk)
      midLine = chunk.length > 0 ? chunk[chunk.length - 1] !== 10 : midLine
      written += chunk.length
      if (written < readyEveryBytes) return undefined
      written = 0
      return hold.writer.ready()
    },
    release() {
      pass()
      hold.users--
      if (hold.users > 0) return
      hold.idle = setTimeout(() => void (hold.users === 0 && letGo(streamId, hold)), idleMs)
      hold.idle.unref()
    },
  }
}
