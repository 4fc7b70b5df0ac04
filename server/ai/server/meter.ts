import { costMicros, usageAfterEvent, usageOfJson } from '../rules.ts'

/** An answer that is one JSON document is read for its cost up to this size; none of Claude's is as large. */
const mostJsonBytes = 16 * 1024 * 1024
const usageWord = Buffer.from('"usage"')

function modelIn(json: string): string {
  try {
    const { model, message } = JSON.parse(json) as { model?: unknown; message?: { model?: unknown } }
    return String(model ?? message?.model ?? '')
  } catch {
    return ''
  }
}

/** Reads an answer's cost while it passes. */
export interface Meter {
  /** One event of a stream, or one piece of a document. */
  see(bytes: Buffer): void
  /** The cost of what has come so far, in millionths of a US dollar. */
  micros(): number
}

function streamMeter(): Meter {
  let usage = usageOfJson('')
  let model = ''
  return {
    see(bytes) {
      // Most events are words, which cost nothing by themselves.
      if (!bytes.includes(usageWord)) return
      for (const line of bytes.toString().split('\n')) {
        if (!line.startsWith('data:')) continue
        usage = usageAfterEvent(usage, line.slice(5))
        model ||= modelIn(line.slice(5))
      }
    },
    micros: () => costMicros(model, usage),
  }
}

function documentMeter(): Meter {
  const chunks: Buffer[] = []
  let size = 0
  return {
    see(bytes) {
      size += bytes.length
      if (size <= mostJsonBytes) chunks.push(bytes)
    },
    micros() {
      if (size > mostJsonBytes) return 0
      const text = Buffer.concat(chunks).toString()
      return costMicros(modelIn(text), usageOfJson(text))
    },
  }
}

/** The meter of one answer. */
export const makeMeter = (contentType: string): Meter => (contentType.includes('text/event-stream') ? streamMeter() : documentMeter())
