import { isUtf8 } from 'node:buffer'
import type { Codec } from '@/server/streams/codecs/types.ts'
import type { Batch, Packed } from './types.ts'

// Two cores' worth of work and one more, so that none waits for the storer.
const atOnce = 3
/** Below this a compressor costs more than it saves. */
const plainBytes = 512

/** A batch's text: its lines joined by "\n" without the last line break; what is no UTF-8 is replaced. */
export function batchText(batch: Batch): Buffer {
  const whole = batch.parts.length === 1 ? (batch.parts[0] as Buffer) : Buffer.concat(batch.parts, batch.bytes)
  const text = whole.subarray(0, whole.length - 1)
  return isUtf8(text) ? text : Buffer.from(text.toString('utf8'))
}

/**
 * Compresses batches, a few at once, and gives them back in the order they came.
 * @param plain for small batches, `dense` for all others
 */
export function makePacker({ plain, dense }: { plain: Codec; dense: Codec }) {
  interface Item {
    batch: Batch | null
    done: Promise<Packed> | null
    result: Packed | null
  }
  const queue: Item[] = []
  let packing = 0

  async function pack({ tag, at, lines, bytes }: Batch, text: Buffer): Promise<Packed> {
    const codec = text.length < plainBytes ? plain : dense
    return { tag, at, lines, bytes, codec: codec.name, packed: await codec.compress(text) }
  }

  async function begin(item: Item, batch: Batch): Promise<Packed> {
    packing++
    item.batch = null
    try {
      item.result = await pack(batch, batchText(batch))
      return item.result
    } finally {
      packing--
      beginSome()
    }
  }

  function beginSome(): void {
    for (const item of queue) {
      if (packing >= atOnce) return
      if (item.batch) {
        item.done = begin(item, item.batch)
        // Whoever takes it hears of a failure; until then it is not unhandled.
        item.done.catch(() => undefined)
      }
    }
  }

  return {
    push(batch: Batch): void {
      queue.push({ batch, done: null, result: null })
      beginSome()
    },
    get length() {
      return queue.length
    },
    /** Waits for the first, and takes as many ready ones behind it as fit; empty where nothing was pushed. */
    async take(maxItems: number, maxBytes: number): Promise<Packed[]> {
      beginSome()
      const first = await queue[0]?.done
      if (!first) return []
      const taken: Packed[] = []
      let bytes = 0
      while (taken.length < maxItems && queue[0]?.result && (taken.length === 0 || bytes + queue[0].result.packed.length <= maxBytes)) {
        const { result } = queue.shift() as Item & { result: Packed }
        bytes += result.packed.length
        taken.push(result)
      }
      return taken
    },
    clear(): void {
      queue.length = 0
    },
  }
}
