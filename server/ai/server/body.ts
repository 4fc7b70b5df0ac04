import type { IncomingMessage } from 'node:http'
import { EnvelopeRefusal, maxSealedBytes } from '../envelope/types.ts'

const soonMs = 1_000

/** Reads bodies, and holds no more bytes of all of them together than it may. */
export interface BodyReader {
  /**
   * Reads a body whole. `done` has to be called once it is no longer held.
   * @throws EnvelopeRefusal `oversized` as soon as it is; `too-many` where others hold all the room
   */
  read(request: IncomingMessage): Promise<{ bytes: Buffer; done(): void }>
}

/** Makes a reader that holds at most `most` bytes at a time. */
export function makeBodyReader(most: number): BodyReader {
  let held = 0

  // The connection outlives a body that is not read to its end: a refusal goes back on it.
  async function gather(request: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxSealedBytes) throw new EnvelopeRefusal('oversized')
      hold(chunk.length)
      chunks.push(chunk)
    }
    return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)
  }

  return {
    async read(request) {
      if (Number(request.headers['content-length'] ?? 0) > maxSealedBytes) throw new EnvelopeRefusal('oversized')
      let own = 0
      const hold = (bytes: number) => {
        own += bytes
        held += bytes
        if (held > most) throw new EnvelopeRefusal('too-many', soonMs)
      }
      const done = () => {
        held -= own
        own = 0
      }
      try {
        return { bytes: await gather(request, hold), done }
      } catch (error) {
        done()
        throw error
      }
    },
  }
}
